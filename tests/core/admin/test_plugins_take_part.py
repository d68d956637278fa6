"""What plugins bring to the core's screens: checks before publishing, panels with fields, boxes, notices, types."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from core.context import current_tenant
from core.contract.admin import AdminMenuItem, DashboardPanel, EditPanel, Notice
from core.contract.content import ContentCheck, ContentType, Extension, Finding
from core.contract.markers import hookimpl
from core.contract.views import PostView
from core.plugins import Plugin
from tests.core.admin.kit import HTMX, fields_of, htmx_post, parsed, said, send
from tests.kit.people import People

_KEPT: dict[tuple[UUID, UUID], Any] = {}


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the panel keeps with a post."""

    level: int = 0
    checked: bool = False


async def _source(post: PostView) -> Sequence[Finding]:
    if "fonte" in post.content:
        return ()
    return [
        Finding(rule="probe.source", severity="block", message="Falta a fonte.", fix="Cite de onde vem."),
        Finding(rule="probe.tone", severity="warn", message="Tom alarmista."),
    ]


async def _load(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    return {i: _KEPT[key] for i in ids if (key := (current_tenant().id, i)) in _KEPT}


async def _keep(post_id: UUID, value: Any) -> None:
    _KEPT[current_tenant().id, post_id] = value


async def _snapshot(post_id: UUID) -> Any:
    return msgspec.to_builtins(_KEPT.get((current_tenant().id, post_id)))


async def _nothing(*_given: Any) -> Any:
    return None


async def _count() -> int:
    return 7


async def _box() -> dict[str, Any]:
    return {"posts": ()}


async def _broken() -> Any:
    raise RuntimeError("the plugin is broken")


@pytest.fixture
def probe(tmp_path: Path) -> Iterator[Plugin]:
    _KEPT.clear()
    hooks = {
        "register_content_checks": lambda: [ContentCheck(name="probe.source", version="1", check=_source)],
        "register_edit_panels": lambda: [
            EditPanel(
                key="probe",
                title="Evidência",
                template="admin/writing/blocking.html",
                capability="edit_posts",
                context=_panel_context,
            ),
            EditPanel(
                key="probe.broken", title="Quebrado", template="admin/nothing.html", capability="edit_posts"
            ),
        ],
        "register_extensions": lambda: [
            Extension(
                owner="post",
                key="probe",
                input=Level,
                load=_load,
                save=_keep,
                snapshot=_snapshot,
                restore=_nothing,
                export=_nothing,
                erase=_nothing,
            )
        ],
        "register_menu_items": lambda: [
            AdminMenuItem(
                key="probe.menu", title="Sonda", url="/admin/probe", capability="edit_posts", badge=_count
            ),
            AdminMenuItem(
                key="probe.bad", title="Ruim", url="/admin/probe/bad", capability="edit_posts", badge=_broken
            ),
        ],
        "register_dashboard_panels": lambda: [
            DashboardPanel(
                key="probe.box",
                title="Caixa da sonda",
                template="admin/dashboard/posts.html",
                capability="edit_posts",
                context=_box,
            ),
            DashboardPanel(
                key="probe.bad",
                title="Caixa quebrada",
                template="admin/dashboard/posts.html",
                capability="edit_posts",
                context=_broken,
            ),
        ],
        "register_content_types": lambda: [
            ContentType(name="probe_recipe", title="Receitas", singular="Receita", taxonomies=("category",))
        ],
        "filter_admin_notices": _notices,
    }
    marked = {name: hookimpl(name)(function) for name, function in hooks.items()}
    yield Plugin(name="probe", version="1.0", title="Sonda", parts={"hooks": SimpleNamespace(**marked)})


async def _panel_context(post: PostView | None) -> dict[str, Any]:
    return {
        "findings": [
            {
                "severity": "info",
                "message": f"Nível de {post.title if post else 'novo'}",
                "fix": "",
                "rule": "x",
            }
        ]
    }


def _notices(notices: tuple[Notice, ...], screen: str) -> tuple[Notice, ...]:
    return (
        (*notices, Notice(kind="info", text="Da sonda", url="javascript:x", link="x"))
        if screen == "posts"
        else notices
    )


async def test_what_blocks_is_said_answered_for_and_then_goes_out(app_with: Any, probe: Plugin) -> None:
    app = await app_with(probe, on=("alfa",))
    people = People(app)
    editor, admin = await people.browser("alfa", "editor"), await people.browser("alfa", "administrator")
    refused = await send(
        editor,
        "/admin/posts/new?editor=html",
        {"title": "Sem fonte", "content": "<p>x</p>", "_action": "publish"},
        selector="form.writing",
    )
    assert refused.status_code == 422
    soup = parsed(refused)
    assert "Falta a fonte." in soup.select_one("#findings").text  # type: ignore[union-attr]  # it is among what blocks
    path = str(soup.select_one("form.writing")["action"])  # type: ignore[index]  # it was saved as a draft
    assert path != "/admin/posts/new"
    looked = await htmx_post(editor, f"{path}/checks", {}, page=path)
    assert "Tom alarmista." in looked.text
    assert "_reason.probe.source" not in looked.text  # an editor can't answer for it
    denied = await htmx_post(
        editor, f"{path}/findings", {"rule": "probe.source", "reason": "x" * 20}, page=path
    )
    assert denied.status_code == 403
    short = await htmx_post(
        admin, f"{path}/findings", {"rule": "probe.source", "_reason.probe.source": "x"}, page=path
    )
    assert short.status_code == 422
    answered = await htmx_post(
        admin,
        f"{path}/findings",
        {"rule": "probe.source", "_reason.probe.source": "Revisado com a equipe."},
        page=path,
    )
    assert answered.status_code == 200
    assert "Assumido" in answered.text
    out = await send(admin, path, {"_action": "publish"}, selector="form.writing")
    assert "Publicado" in await said(admin, out)


async def test_a_published_text_that_is_refused_stays_in_the_form(app_with: Any, probe: Plugin) -> None:
    app = await app_with(probe, on=("alfa",))
    browser = await People(app).browser("alfa", "editor")
    made = await send(
        browser,
        "/admin/posts/new?editor=html",
        {"title": "T", "content": "<p>fonte: x</p>", "_action": "publish"},
        selector="form.writing",
    )
    path = made.headers["location"]
    refused = await send(browser, path, {"content": "<p>sem</p>", "_action": "save"}, selector="form.writing")
    assert refused.status_code == 422
    soup = parsed(refused)
    assert soup.select_one("#content").text.strip() == "<p>sem</p>"  # type: ignore[union-attr]  # kept
    assert (
        fields_of(soup, "form.writing")["_version"]
        == fields_of(await browser.soup(path), "form.writing")["_version"]
    )
    form = {"_version": fields_of(soup, "form.writing")["_version"], "title": "T", "content": "<p>sem</p>"}
    by_htmx = await htmx_post(browser, path, {**form, "_action": "save"}, page=path)
    assert by_htmx.status_code == 422
    assert "Falta a fonte." in by_htmx.text


async def test_fields_of_a_plugin_are_saved_and_their_errors_come_back(app_with: Any, probe: Plugin) -> None:
    app = await app_with(probe, on=("alfa",))
    browser = await People(app).browser("alfa", "editor")
    page = await browser.soup("/admin/posts/new")
    assert "Nível de novo" in page.text
    assert "Quebrado" not in page.text  # a panel that fails is left out, the screen stands
    form: dict[str, Any] = fields_of(page, "form.writing")
    assert "probe" in form["_ext"]
    wrong = await browser.post(
        "/admin/posts/new",
        data={**form, "title": "T", "_ext": "probe", "ext.probe.level": "muito", "_action": "save"},
    )
    assert wrong.status_code == 422
    assert "ext.probe.level" in wrong.text
    right = await browser.post(
        "/admin/posts/new",
        data={
            **form,
            "title": "T",
            "_ext": "probe",
            "ext.probe.level": "3",
            "ext.probe.checked": "on",
            "_action": "save",
        },
    )
    assert right.status_code == 303
    assert list(_KEPT.values()) == [Level(level=3, checked=True)]


async def test_menu_boxes_and_notices_of_a_plugin(app_with: Any, probe: Plugin) -> None:
    app = await app_with(probe, on=("alfa",))
    browser = await People(app).browser("alfa", "editor")
    await send(browser, "/admin/posts/new", {"title": "T"}, selector="form.writing")
    soup = await browser.soup("/admin")
    entry = soup.select_one(".nav a[href='/admin/probe']")
    assert entry is not None and entry.select_one(".count").text == "7"  # type: ignore[union-attr]  # it has a count
    assert soup.select_one(".nav a[href='/admin/probe/bad']"), "a count that fails hides nothing"
    assert "Caixa da sonda" in soup.text and "Caixa quebrada" not in soup.text
    posts = await browser.soup("/admin/posts")
    notice = posts.select_one("#notices .notice")
    assert notice is not None and "Da sonda" in notice.text
    assert notice.select_one("a")["href"] == "#"  # type: ignore[index]  # an address that could run code
    other = await People(app).browser("beta", "editor")
    assert "/admin/probe" not in (await other.get("/admin")).text


async def test_a_type_of_a_plugin_has_its_list_and_its_writing_screen(app_with: Any, probe: Plugin) -> None:
    app = await app_with(probe, on=("alfa",))
    browser = await People(app).browser("alfa", "editor")
    answer = await send(
        browser,
        "/admin/content/probe_recipe/new?editor=html",
        {"title": "Bolo", "content": "<p>fonte</p>"},
        selector="form.writing",
    )
    number = answer.headers["location"].rpartition("/")[2]
    soup = await browser.soup("/admin/content/probe_recipe")
    assert [link.text.strip() for link in soup.select("tbody .title-link")] == ["Bolo"]
    assert soup.select_one(".nav a[href='/admin/content/probe_recipe'][aria-current]")
    assert "Bolo" not in (await browser.get("/admin/posts")).text
    assert (await browser.get(f"/admin/content/probe_recipe/{number}/more", headers=HTMX)).status_code == 200
    trash = await browser.submit(
        "/admin/content/probe_recipe/do", {"one": f"trash:{number}"}, page="/admin/content/probe_recipe"
    )
    assert "movido" in await said(browser, trash)
    for path in ("/admin/content/post", "/admin/content/nothing", "/admin/content/nothing/new"):
        assert (await browser.get(path)).status_code == 404
    other = await People(app).browser("beta", "editor")
    assert (await other.get("/admin/content/probe_recipe")).status_code == 404
