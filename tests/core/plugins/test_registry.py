"""What goes together, what is on where, and what a plugin declares."""

import msgspec
import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from core.contract.accounts import Capability
from core.contract.markers import hookimpl
from core.errors import Invalid, NotFound, StartError, VitralError
from core.i18n import use_language
from core.plugins import Loader, Plugin, Registry, current_registry, use_registry
from tests.core.plugins.conftest import Shelf


def _plugin(name: str, *requires: str, **more: object) -> Plugin:
    return Plugin(name=name, version="1.0", title=name.title(), requires=requires, **more)  # type: ignore[arg-type]


@pytest.fixture
def registry() -> Registry:
    return Loader(
        points=(),
        extra=[
            _plugin("zebra"),
            _plugin("blocks", "fields"),
            _plugin("cards", "blocks", "zebra"),
            _plugin("fields"),
            _plugin("vault", level="installation"),
            _plugin("letters", "vault"),
        ],
    ).load()


def test_closure_is_what_must_be_enabled_in_that_order(registry: Registry) -> None:
    assert registry.closure(("cards",)) == ("fields", "zebra", "blocks", "cards")
    assert registry.closure(("blocks", "zebra")) == ("fields", "zebra", "blocks")
    assert registry.closure(()) == ()


def test_dependents_are_what_must_go_first(registry: Registry) -> None:
    assert registry.dependents("fields") == ("cards", "blocks")
    assert registry.dependents("cards") == ()


def test_an_unknown_plugin_is_named_with_the_nearest(registry: Registry) -> None:
    for ask in (
        registry.known,
        registry.dependents,
        registry.declared,
        lambda name: registry.closure((name,)),
    ):
        with pytest.raises(NotFound, match=r"“card”.*Did you mean cards"):
            ask("card")


def test_people_are_told_in_their_language(registry: Registry) -> None:
    with use_language("pt-BR"), pytest.raises(NotFound, match=r"Não há plugin “card”.*Você quis dizer cards"):
        registry.known("card")


def test_a_plugin_for_all_sites_is_not_a_sites_to_enable(registry: Registry) -> None:
    for name in ("vault", "letters"):
        with pytest.raises(Invalid, match="“vault” is for the whole installation"):
            registry.closure((name,))
    registry.installation = frozenset({"vault"})
    assert registry.closure(("letters",)) == ("letters",)
    assert registry.active(frozenset({"letters", "gone"})) == {"letters", "vault"}
    assert registry.plan(frozenset({"letters"})).enabled == {"core", "letters", "vault"}
    assert registry.platform_plan().enabled == {"core", "vault"}


def test_the_registry_in_use_is_a_matter_of_context(registry: Registry) -> None:
    with pytest.raises(VitralError, match="use_registry"):
        current_registry()
    with use_registry(registry):
        assert current_registry() is registry


ROUTES = """
    from litestar import Controller, get, post
    from litestar.params import FromPath
    @get("/acf/{{slug:str}}", opt={{"capability": "public"}})
    async def one(slug: FromPath[str]) -> str: return slug
    class Groups(Controller):
        path = "/admin/acf"
        opt = {{"capability": "acf.edit"}}
        @get("/groups")
        async def groups(self) -> str: return "groups"
        @post("/groups", opt={{"capability": "edit_posts"}})
        async def add(self) -> str: return "added"
    handlers = [one, Groups]
"""


def test_a_plugin_declares_what_its_code_does(shelf: Shelf) -> None:
    shelf.put(
        "acf",
        manifest='description="Fields.", hosts=("*.example.org",), requires=("zebra",)',
        routes=ROUTES.format(),
        hooks="""
            from core.contract.accounts import Capability
            from core.contract.markers import hookimpl
            from core.contract.work import PersonalDataProvider
            async def _nothing(_given): return ()
            @hookimpl
            def register_capabilities(): return [Capability(name="acf.export", title="Export fields")]
            @hookimpl
            def register_personal_data():
                return [PersonalDataProvider(name="acf", title="x", find=_nothing, export=_nothing, erase=_nothing)]
            @hookimpl(priority=5)
            async def on_post_saved(post): ...
        """,
        tables="""
            from piccolo.columns import Varchar
            from core.db import Personal, TenantTable, personal
            class AcfReader(TenantTable, tablename="acf_readers"):
                email = personal(
                    Varchar(255), Personal(category="contact", purpose="x", basis="consent", retention="1 y")
                )
        """,
        settings="""
            from msgspec import Struct
            from core.http.fields import Line
            class AcfSettings(Struct):
                shown: Line = "yes"
        """,
    )
    shelf.put("zebra")
    declared = Loader().load().declared("acf")
    assert (declared.requires, declared.hosts, declared.first_party) == (
        ("zebra",),
        ("*.example.org",),
        False,
    )
    assert declared.tables == ("acf_readers",)
    assert {(route.path, route.methods, route.capability) for route in declared.routes} == {
        ("/acf/{slug:str}", ("GET",), "public"),
        ("/admin/acf/groups", ("GET",), "acf.edit"),
        ("/admin/acf/groups", ("POST",), "edit_posts"),
    }
    assert declared.capabilities == ("acf.edit", "acf.export", "edit_posts")
    assert [(entry.hook, entry.priority) for entry in declared.hooks] == [
        ("on_post_saved", 5),
        ("register_capabilities", 10),
        ("register_personal_data", 10),
    ]
    assert declared.brings == {
        "register_capabilities": ("acf.export",),
        "register_personal_data": ("acf",),
    }
    assert [field.name for field in declared.settings] == ["shown"]
    assert msgspec.json.decode(msgspec.json.encode(declared))["name"] == "acf"
    ((table, column, category),) = [(e.table, e.column, e.mark.category) for e in declared.personal]
    assert (table, column, category) == ("acf_readers", "email", "contact")


def test_routes_answer_and_carry_their_plugins_name(shelf: Shelf) -> None:
    shelf.put("acf", routes=ROUTES.format())
    registry = Loader().load()

    @get("/admin/acf/screen", opt={"capability": "acf.edit"})
    async def screen() -> str:
        return "screen"

    registry.add_handlers("acf", [screen])
    app = Litestar(route_handlers=registry.routers())
    opts = {
        (route.path, handler.handler_name): handler.opt
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
    }
    mine = {key: opt for key, opt in opts.items() if "acf" in key[0]}
    # OPTIONS, which Litestar answers by itself, must vanish with the plugin too
    assert {name for _path, name in mine} == {"one", "groups", "add", "screen", "options_handler"}
    assert {opt["plugin"] for opt in mine.values()} == {"acf"}
    assert app.openapi_schema.paths["/acf/{slug}"].get.tags == ["plugin:acf"]  # type: ignore[index, union-attr]
    with TestClient(app) as client:
        assert client.get("/acf/oak").text == "oak"
        assert client.get("/admin/acf/screen").text == "screen"
    with pytest.raises(StartError, match="after the app was built"):
        registry.add_handlers("acf", [screen])


HANDLER = """
    from litestar import get
    @get({path!r}, opt={opt!r})
    {kind} one({args}) -> str: return ""
    handlers = [one]
"""


@pytest.mark.parametrize(
    ("path", "opt", "kind", "args", "complaint"),
    [
        ("/acf", {}, "async def", "", "the route /acf (one) declares no capability"),
        ("/acf", {"capability": ""}, "async def", "", "declares no capability"),
        (
            "/acf",
            {"capability": "lgpd.view"},
            "async def",
            "",
            "asks for 'lgpd.view', which is another plugin's",
        ),
        ("/acf", {"capability": "public"}, "def", "", "is not async"),
        ("/acf", {"capability": "public", "plugin": "seo"}, "async def", "", "says that it is another's"),
        ("/acf", {"capability": "public", "plugin": None}, "async def", "", "says that it is another's"),
        (
            "/acf",
            {"capability": "public", "platform": True},
            "async def",
            "",
            "would answer outside of sites",
        ),
        (
            "/groups",
            {"capability": "public"},
            "async def",
            "",
            "the route '/groups', which does not carry its name",
        ),
        ("/acfx", {"capability": "public"}, "async def", "", "the route '/acfx'"),
        ("/admin/lgpd", {"capability": "public"}, "async def", "", "the route '/admin/lgpd'"),
        ("/{slug:str}", {"capability": "public"}, "async def", "slug: str", "the route '/{slug:str}'"),
        ("/robots.txt", {"capability": "public"}, "async def", "", "the route '/robots.txt'"),
        ("/acf/{slug}", {"capability": "public"}, "async def", "slug: str", "has routes that can't be used"),
    ],
)
@pytest.mark.filterwarnings("ignore:Use of a synchronous callable")
def test_a_route_that_is_not_as_it_must_be_stops_the_start(
    shelf: Shelf, path: str, opt: dict[str, str], kind: str, args: str, complaint: str
) -> None:
    shelf.put("acf", routes=HANDLER.format(path=path, opt=opt, kind=kind, args=args))
    with pytest.raises(StartError) as caught:
        Loader().load().routers()
    assert complaint in caught.value.message
    assert "“acf”" in caught.value.message


def test_ours_may_answer_addresses_that_a_standard_fixes(shelf: Shelf) -> None:
    opt = {"capability": "public"}
    shelf.put(
        "seo", dist="vitral", routes=HANDLER.format(path="/robots.txt", opt=opt, kind="async def", args="")
    )
    shelf.put(
        "zero_trust", routes=HANDLER.format(path="/admin/zero-trust/x", opt=opt, kind="async def", args="")
    )
    assert len(Loader().load().routers()) == 2


def test_a_plugin_for_the_whole_installation_may_answer_outside_of_sites(shelf: Shelf) -> None:
    opt = {"capability": "public", "platform": True}
    text = HANDLER.format(path="/vault/health", opt=opt, kind="async def", args="")
    shelf.put("vault", manifest='level="installation"', routes=text)
    assert [route.path for route in Loader().load().routes("vault")] == ["/vault/health"]


def test_two_plugins_on_one_address_are_both_named(shelf: Shelf) -> None:
    opt = {"capability": "public"}
    for name in ("seo", "feeds"):
        shelf.put(
            name, dist="vitral", routes=HANDLER.format(path="/robots.txt", opt=opt, kind="async def", args="")
        )
    with pytest.raises(StartError, match=r"“feeds” at /robots.txt and “seo” at /robots.txt"):
        Loader().load().routers()


def test_one_address_spelt_in_two_ways_is_refused(shelf: Shelf) -> None:
    """Litestar keeps the last of the two and says nothing."""
    shelf.put(
        "acf",
        routes="""
            from litestar import get, post
            @get("/acf/{number:int}", opt={"capability": "public"})
            async def one(number: int) -> str: return "number"
            @post("/acf/{slug:str}", opt={"capability": "public"})
            async def two(slug: str) -> str: return "slug"
            handlers = [one, two]
        """,
    )
    with pytest.raises(StartError, match="spells one address in two ways"):
        Loader().load().routers()


def test_one_method_at_one_address_is_answered_once(shelf: Shelf) -> None:
    shelf.put(
        "acf",
        routes="""
            from litestar import get, post
            @get("/acf", opt={"capability": "public"})
            async def one() -> str: return "one"
            @post("/acf", opt={"capability": "public"})
            async def sent() -> str: return "sent"
            @get("/acf", opt={"capability": "public"})
            async def two() -> str: return "two"
            handlers = [one, sent, two]
        """,
    )
    with pytest.raises(StartError, match="answers GET /acf twice"):
        Loader().load().routers()


def test_a_plugin_takes_no_address_of_the_core(shelf: Shelf) -> None:
    from litestar import Router

    from core.plugins import route_infos

    @get("/admin/{screen:str}/list", opt={"capability": "read"})
    async def listing(screen: str) -> str:
        return screen

    shelf.put(
        "acf",
        routes=HANDLER.format(
            path="/admin/acf/list", opt={"capability": "public"}, kind="async def", args=""
        ),
    )
    core = route_infos("core", Router("/", route_handlers=[listing]))
    registry = Loader().load()
    assert registry.routers(core)  # a parameter beside a fixed word is no conflict

    @get("/admin/acf/list", opt={"capability": "read"})
    async def same() -> str:
        return ""

    with pytest.raises(StartError, match="“core” at /admin/acf/list and “acf”"):
        registry.routers(route_infos("core", Router("/", route_handlers=[same])))


def test_a_name_of_the_documents_can_be_used_once() -> None:
    class Hooks:
        @hookimpl
        def register_capabilities(self) -> list[Capability]:
            return [Capability(name="moderate_comments", title="Moderate comments")]

    core = Hooks()
    ours = Plugin(name="comments", version="1", title="Comments", package="", parts={"hooks": Hooks()})
    with pytest.raises(StartError, match="named 'moderate_comments': of 'core' and of 'comments'"):
        Loader(points=(), extra=[ours], core=[core]).load()
