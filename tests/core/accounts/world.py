"""A small installation around the accounts and mail rooms: two sites, the layers of the edge, a few routes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from typing import Any

import httpx
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath

import core.accounts.hooks
import core.mail.hooks
from core.accounts import (
    AccessASGI,
    Account,
    LoginForm,
    NewPasswordForm,
    NewUser,
    PasswordForm,
    ResetForm,
    StepUpForm,
    actor_of,
    change_password,
    create_user,
    form_token,
    list_users,
    log_in,
    log_out,
    request_reset,
    require_fresh,
    reset_password,
    step_up,
)
from core.accounts.store import account_by_id
from core.context import VISITOR, Actor, Tenant, acting, current_actor
from core.crypto import Keyring, Parameters, Passwords, RootKey, use_keyring
from core.db import Database, tenant_read, use_database
from core.hooks import use_plan
from core.http import (
    Decode,
    ErrorAnswers,
    ProxyHeaders,
    RouteFinder,
    SecurityHeaders,
    form_of,
    html,
    read_form,
    redirect,
)
from core.ids import new_id
from core.jobs import Worker
from core.mail import MailSetup, MemoryTransport, use_mail
from core.plugins import Loader, Plugin, use_registry
from core.tenancy import SiteSettings, TenantASGI, Tenants, enter, use_tenants

__all__ = ["CLI", "PASSWORD", "Browser", "World", "dry"]

PASSWORD = "garrafa verde sobre o muro"  # invented
CLI = Actor(kind="cli", name="test")
ROOT = RootKey.generate()


def _registry(plugins: tuple[Plugin, ...]) -> Any:
    registry = Loader(extra=plugins, core=[core.accounts.hooks, core.mail.hooks], points=()).load()
    registry.add_settings(SiteSettings)
    return registry


@contextmanager
def dry(*plugins: Plugin, settings: dict[str, Any] | None = None, actor: Actor = CLI) -> Iterator[Tenant]:
    """Be inside a site that has hooks and settings, and no database: for what needs none."""
    registry = _registry(plugins)
    tenant = Tenant(
        id=new_id(),
        slug="alfa",
        title="Alfa",
        status="active",
        hosts=("alfa.test",),
        enabled=frozenset(plugin.name for plugin in plugins),
        theme="claro",
        settings=settings or {},
    )
    with use_registry(registry), enter(tenant, actor):
        yield tenant


class Browser(httpx.AsyncClient):
    """A browser on one site: keeps cookies, and says like a browser that a request is its own."""

    def __init__(
        self, app: Any, host: str, *, client: tuple[str, int] = ("203.0.113.7", 1), https: bool = False
    ) -> None:
        super().__init__(
            transport=httpx.ASGITransport(app=app, client=client),
            base_url=f"{'https' if https else 'http'}://{host}",
            headers={"sec-fetch-site": "same-origin", "accept": "text/html", "user-agent": "Test/1.0"},
        )

    async def token(self) -> str:
        """Return a form token for this browser's session."""
        return (await self.get("/token")).text

    async def submit(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form, with its token."""
        return await self.post(path, data={**fields, "_csrf": await self.token()})

    async def sign_in(self, identifier: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Sign in through the form."""
        return await self.submit("/admin/login", identifier=identifier, password=password, **fields)

    @property
    def sid(self) -> str:
        """The session cookie."""
        return self.cookies.get("sid") or self.cookies.get("__Host-sid") or ""


class World:
    """An installation for tests."""

    def __init__(self, database: Database, *, plugins: tuple[Plugin, ...] = (), https: bool = False) -> None:
        self.database = database
        self.registry = _registry(plugins)
        self.keyring = Keyring(ROOT, passwords=Passwords(Parameters.for_tests()))
        self.tenants = Tenants()
        self.transport = MemoryTransport()
        self.https = https
        self.mail = MailSetup(self.transport, "vitral@example.org", https=https)
        self.failures: list[BaseException] = []
        self.app = self._app()

    @property
    def messages(self) -> list[EmailMessage]:
        """Mail that was sent."""
        return self.transport.messages

    @contextmanager
    def active(self) -> Iterator[None]:
        """Make the installation's parts reachable."""
        with ExitStack() as stack:
            stack.enter_context(use_database(self.database))
            stack.enter_context(use_registry(self.registry))
            stack.enter_context(use_keyring(self.keyring))
            stack.enter_context(use_tenants(self.tenants))
            stack.enter_context(use_mail(self.mail))
            yield

    @contextmanager
    def on(self, slug: str = "alfa", actor: Actor = CLI) -> Iterator[Tenant]:
        """Be inside a site."""
        with self.active():
            tenant = self.tenants.by_slug(slug)
            assert tenant is not None
            with enter(tenant, actor):
                yield tenant

    async def person(
        self, *roles: str, site: str = "alfa", email: str = "", password: str = PASSWORD
    ) -> Account:
        """Make somebody with these roles; subscriber unless given."""
        roles = roles or ("subscriber",)
        address = email or f"{roles[0]}@example.org"
        with self.on(site):
            async with tenant_read():
                return await create_user(
                    NewUser(
                        email=address,
                        display_name=address.partition("@")[0].title(),
                        roles=roles,
                        password=password,
                    )
                )

    async def actor(self, account: Account, site: str = "alfa") -> Actor:
        """Return somebody as an actor."""
        with self.on(site):
            async with tenant_read():
                return await actor_of(await account_by_id(account.id))

    def browser(self, site: str = "alfa", **options: Any) -> Browser:
        """Open a browser on a site."""
        return Browser(self.app, f"{site}.test", https=self.https, **options)

    async def run_jobs(self, most: int = 1000) -> None:
        """Run what is queued, at most so many jobs."""
        worker = Worker()
        with self.active(), acting(None, VISITOR), use_plan(self.registry.platform_plan()):
            while most and await worker.run_one():
                most -= 1

    async def rows(self, sql: str, *args: Any, site: str = "alfa") -> list[dict[str, Any]]:
        """Return rows of a site's tables."""
        from core.db import execute

        with self.on(site):
            async with tenant_read():
                return await execute(sql, *args)

    def _app(self) -> Any:
        answers = ErrorAnswers()
        app = Litestar(
            route_handlers=_routes(),
            exception_handlers={Exception: answers.handler},
            openapi_config=None,
            logging_config=None,
        )
        finder = RouteFinder(app)

        def find(method: str, path: str) -> Any:
            handler = finder({"method": method, "path": path})
            return handler.opt if handler is not None else None

        inner: Any = answers.wrap(Decode(AccessASGI(app.asgi_handler, https=self.https), finder))
        inner = TenantASGI(inner, tenants=self.tenants, find=find)

        async def with_parts(scope: Any, receive: Any, send: Any) -> None:
            with self.active(), acting(None, VISITOR), use_plan(self.registry.platform_plan()):
                await inner(scope, receive, send)

        layers: Any = SecurityHeaders(ProxyHeaders(answers.wrap(with_parts), ()))
        app.asgi_handler = layers
        return app


def _opt(capability: str, **more: Any) -> dict[str, Any]:
    return {"capability": capability, **more}


async def _form(request: Any, model: Any) -> Any:
    from core.errors import Invalid

    state = read_form(form_of(request), model)
    if state.data is None:
        raise Invalid(state.errors)
    return state.data


def _routes() -> list[Any]:
    @get("/_site/{path:path}", opt=_opt("public"))
    async def page(path: FromPath[str]) -> Response[str]:
        return html(f"page {current_actor().kind}")

    @get("/token", opt=_opt("public"))
    async def token() -> Response[str]:
        return html(form_token())

    @get("/whoami", opt=_opt("public"))
    async def whoami() -> Response[str]:
        return html(current_actor().name or current_actor().kind)

    @post("/admin/login", opt=_opt("public"))
    async def login(request: Request[Any, Any, Any]) -> Response[Any]:
        return redirect((await log_in(await _form(request, LoginForm))).path)

    @post("/admin/logout", opt=_opt("public"))
    async def logout() -> Response[Any]:
        await log_out()
        return redirect("/")

    @post("/admin/confirm", opt=_opt("read"))
    async def confirm(request: Request[Any, Any, Any]) -> Response[Any]:
        return redirect(await step_up(await _form(request, StepUpForm)))

    @post("/admin/reset", opt=_opt("public"))
    async def reset(request: Request[Any, Any, Any]) -> Response[str]:
        await request_reset(await _form(request, ResetForm))
        return html("Look into your mail.")

    @post("/admin/reset/new", opt=_opt("public"))
    async def new_password(request: Request[Any, Any, Any]) -> Response[str]:
        await reset_password(await _form(request, NewPasswordForm))
        return html("Done.")

    @post("/admin/password", opt=_opt("read"))
    async def password(request: Request[Any, Any, Any]) -> Response[str]:
        await change_password(await _form(request, PasswordForm))
        return html("Done.")

    @get("/admin", opt=_opt("read"))
    async def desk() -> Response[str]:
        return html(f"desk of {current_actor().name}")

    @get("/admin/users", opt=_opt("list_users"))
    async def users() -> Response[str]:
        return html(", ".join(account.username for account in (await list_users()).items))

    @post("/admin/danger", opt=_opt("promote_users"))
    async def danger() -> Response[str]:
        require_fresh()
        return html("done")

    @post("/comment", opt=_opt("public", csrf="origin"))
    async def comment() -> Response[str]:
        return html("thanks")

    @post("/hook", opt=_opt("edit_posts", csrf=False, auth="token", accepts=("json",)))
    async def hook() -> dict[str, str]:
        return {"as": current_actor().name}

    @get("/api/v1/me", opt=_opt("read"))
    async def me() -> dict[str, str]:
        return {"name": current_actor().name}

    @post("/api/v1/posts", opt=_opt("edit_posts", accepts=("json",)), status_code=201)
    async def make() -> dict[str, str]:
        return {"by": current_actor().name}

    @get("/silent")
    async def silent() -> Response[str]:
        return html("nobody said who may see this")

    @get("/ops", opt={"capability": "manage_network", "platform": True})
    async def ops() -> Response[str]:
        return html("operators")

    return [
        page, token, whoami, login, logout, confirm, reset, new_password, password, desk, users, danger,
        comment, hook, me, make, silent, ops,
    ]  # fmt: skip
