"""From what is installed to a registry, or to a refusal that names the plugin."""

import subprocess
import sys
from importlib.metadata import EntryPoint, entry_points
from itertools import pairwise

import pytest

from core.contract.markers import hookimpl
from core.db import all_tables
from core.errors import NotFound, StartError
from core.hooks import apply_filters, do_action, use_plan
from core.plugins import Loader, Plugin
from hookspecs import platform, site
from tests.core.plugins.conftest import Shelf

TABLES = """
    from piccolo.columns import Varchar
    from core.db import TenantTable
    class Leaf(TenantTable, tablename={name!r}):
        text = Varchar(200)
"""


def _only(name: str) -> list[EntryPoint]:
    return [point for point in entry_points(group="vitral.plugins") if point.name == name]


async def test_a_plugin_is_found_by_its_entry_point_with_all_its_parts(shelf: Shelf) -> None:
    package = shelf.put(
        "acf",
        manifest='description="Fields.", hosts=("api.example.org",)',
        hooks="""
            from core.contract.markers import hookimpl
            heard = []
            @hookimpl
            async def on_site_created(slug): heard.append(slug)
        """,
        tables=TABLES.format(name="acf_leaves"),
        settings="""
            from msgspec import Struct
            class AcfSettings(Struct, frozen=True, kw_only=True):
                shown: bool = True
        """,
        routes="""
            from litestar import get
            @get("/acf/groups", opt={"capability": "public"})
            async def groups() -> dict[str, str]: return {}
            handlers = [groups]
        """,
        **{"templates__acf__box.html": "<p>", "locale__x.po": "", "migrations__0001_x.py": "def up(m): ..."},
    )
    registry = Loader().load()
    plugin = registry.known("acf")
    assert registry.report.loaded == ("acf",)
    assert set(plugin.parts) == {"hooks", "tables", "settings", "routes"}
    assert not plugin.first_party
    assert [table.owner for table in plugin.tables] == ["acf"]
    folder = shelf.folder / package
    assert registry.locale_folders(frozenset({"acf"})) == (folder / "locale",)
    assert registry.template_folders(frozenset({"acf"})) == (folder / "templates",)
    assert registry.template_folders(frozenset()) == ()
    assert [(source.owner, source.folder) for source in registry.migration_sources()] == [
        ("acf", folder / "migrations")
    ]
    assert [route.path for route in registry.routes("acf")] == ["/acf/groups"]
    for enabled, heard in ((frozenset[str](), []), (frozenset({"acf"}), ["demo"])):
        with use_plan(registry.plan(enabled)):
            await do_action(platform.on_site_created, "demo")
        assert sys.modules[f"{package}.hooks"].heard == heard


def test_a_plugin_needs_only_its_manifest(shelf: Shelf) -> None:
    shelf.put("acf")
    registry = Loader().load()
    assert registry.known("acf").parts == {}
    assert registry.migration_sources() == []
    assert registry.routers() == []


@pytest.mark.parametrize("part", ["plugin", "hooks", "tables", "routes", "settings", "admin"])
def test_a_plugin_that_fails_at_import_is_reported_and_skipped(
    shelf: Shelf, caplog: pytest.LogCaptureFixture, part: str
) -> None:
    broken = "import package_that_is_not_there\n"
    if part == "plugin":
        shelf.put("acf", manifest=broken)
    else:
        shelf.put("acf", **{part: broken})
    shelf.put("lgpd")
    registry = Loader().load()
    assert registry.report.loaded == ("lgpd",)
    (failure,) = registry.report.failures
    assert failure.name == "acf"
    assert failure.error == "ModuleNotFoundError: No module named 'package_that_is_not_there'"
    assert f"{part}.py" in failure.traceback
    assert "“acf” could not be loaded" in caplog.text
    with pytest.raises(NotFound, match="installed, but could not be loaded"):
        registry.known("acf")


def test_even_a_plugin_that_exits_does_not_stop_the_start(shelf: Shelf) -> None:
    shelf.put("acf", hooks="raise SystemExit(3)\n")
    assert [failure.error for failure in Loader().load().report.failures] == ["SystemExit: 3"]


def test_tables_of_a_plugin_that_failed_later_are_not_taken_for_the_cores(shelf: Shelf) -> None:
    shelf.put("acf", tables=TABLES.format(name="acf_half"), hooks="1/0\n")
    Loader().load()
    assert [table.owner for table in all_tables() if table._meta.tablename == "acf_half"] == ["acf"]


def test_what_requires_a_plugin_that_failed_is_skipped_too(shelf: Shelf) -> None:
    shelf.put("acf", hooks="1/0\n")
    shelf.put("blocks", manifest='requires=("acf",)')
    shelf.put("cards", manifest='requires=("blocks",)')
    report = Loader().load().report
    assert report.loaded == ()
    assert {failure.name: failure.error for failure in report.failures} == {
        "acf": "ZeroDivisionError: division by zero",
        "blocks": "It requires “acf”, which could not be loaded.",
        "cards": "It requires “blocks”, which could not be loaded.",
    }


def test_a_plugin_of_ours_that_requires_a_failed_one_stops_the_start(shelf: Shelf) -> None:
    shelf.put("acf", hooks="1/0\n")
    shelf.put("blocks", dist="vitral", manifest='requires=("acf",)')
    with pytest.raises(
        StartError, match="“blocks” requires “acf”, which could not be loaded: ZeroDivisionError"
    ):
        Loader().load()


def test_safe_mode_loads_ours_only(shelf: Shelf) -> None:
    shelf.put("acf", hooks="raise AssertionError('it was imported')\n")
    shelf.put("lgpd", dist="vitral")
    registry = Loader(safe=True, extra=[Plugin(name="extra", version="1", title="Extra")]).load()
    assert registry.report.loaded == ("lgpd",)
    assert registry.report.left_out == ("acf", "extra")
    assert registry.known("lgpd").first_party
    assert f"{shelf.packages['acf']}.plugin" not in sys.modules
    with pytest.raises(NotFound, match="safe mode"):
        registry.known("acf")


def test_a_missing_requirement_stops_the_start_with_a_suggestion(shelf: Shelf) -> None:
    shelf.put("acf")
    shelf.put("blocks", manifest='requires=("acff",)')
    with pytest.raises(
        StartError, match=r"“blocks” requires “acff”, which is not installed\. Did you mean acf\?"
    ):
        Loader().load()


def test_a_circle_of_requirements_stops_the_start(shelf: Shelf) -> None:
    shelf.put("a1", manifest='requires=("b1",)')
    shelf.put("b1", manifest='requires=("c1",)')
    shelf.put("c1", manifest='requires=("a1",)')
    with pytest.raises(StartError, match="in a circle: ") as caught:
        Loader().load()
    circle = caught.value.message.partition("circle: ")[2].rstrip(".").split(" → ")
    assert len(circle) == 4
    assert {"“a1” → “b1”", "“b1” → “c1”", "“c1” → “a1”"} == {f"{a} → {b}" for a, b in pairwise(circle)}


def test_a_plugin_for_all_sites_cannot_require_one_that_sites_choose(shelf: Shelf) -> None:
    shelf.put("acf")
    shelf.put("blocks", manifest='requires=("acf",), level="installation"')
    with pytest.raises(StartError, match="“blocks” is for all sites, but requires “acf”"):
        Loader().load()


def test_two_plugins_of_one_name_stop_the_start(shelf: Shelf) -> None:
    shelf.put("acf", dist="first-one")
    shelf.put("acf", dist="second-one")
    with pytest.raises(
        StartError, match="Two plugins are named “acf”: one of first-one and one of second-one"
    ):
        Loader().load()


def test_an_entry_point_that_is_no_plugin_of_its_name_stops_the_start(shelf: Shelf) -> None:
    shelf.put(
        "acf",
        manifest='\nfrom core.plugins import Plugin\nplugin = Plugin(name="acg", version="1", title="A")\n',
    )
    with pytest.raises(StartError, match="is no plugin of that name"):
        Loader().load()
    shelf.put("lgpd", manifest="\nplugin = object()\n")
    with pytest.raises(StartError, match="is no plugin of that name"):
        Loader(points=_only("lgpd")).load()


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        ({"name": "Acf"}, "has no usable name"),
        ({"name": "acf__x"}, "has no usable name"),
        ({"name": "acf_"}, "has no usable name"),
        ({"name": "a" * 61}, "has no usable name"),
        ({"name": "core"}, "taken by the frame"),
        *(
            ({"name": name}, "taken by the frame")
            for name in ("category", "tag", "author", "page", "feed", "media", "date")
        ),
        ({"version": "one"}, "has the version 'one'"),
        ({"title": ""}, "has no title"),
        ({"level": "galaxy"}, "a wrong level: Invalid enum value 'galaxy'"),
        ({"requires": ("acf",)}, "requires itself"),
        ({"requires": "lgpd"}, "gives a text where a list is due"),
        ({"hosts": ("https://example.org/",)}, "names the host 'https://example.org/'"),
        ({"hosts": ("*",)}, "names the host"),
    ],
)
def test_an_impossible_manifest_stops_the_start(manifest: dict[str, object], complaint: str) -> None:
    plugin = Plugin(**({"name": "acf", "version": "1.0", "title": "Fields"} | manifest))  # type: ignore[arg-type]
    with pytest.raises(StartError) as caught:
        Loader(extra=[plugin], points=()).load()
    assert complaint in caught.value.message


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ('Command(name="export", target="a:b", help="x")', "brings the command 'export'"),
        ('Command(name="acf", target="a.b", help="x")', "the target 'a.b'"),
        (
            'Command(name="acf", target="a:b", help="x"), Command(name="acf", target="a:c", help="x")',
            "two commands",
        ),
    ],
)
def test_commands_carry_the_name_and_a_target(shelf: Shelf, command: str, complaint: str) -> None:
    shelf.put("acf", manifest=f"commands=({command},)")
    with pytest.raises(StartError) as caught:
        Loader().load()
    assert complaint in caught.value.message


def test_commands_are_known_without_importing_them(shelf: Shelf) -> None:
    package = shelf.put(
        "acf", manifest='commands=(Command(name="acf", target="acf.cli:main", help="Fields.", offline=True),)'
    )
    registry = Loader().load()
    ((plugin, command),) = registry.commands()
    assert (plugin, command.name, command.offline) == ("acf", "acf", True)
    assert f"{package}.cli" not in sys.modules


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"tables": TABLES.format(name="leaves")}, "the table 'leaves', which does not carry its name"),
        ({"tables": TABLES.format(name="acfleaves")}, "the table 'acfleaves', which does not carry its name"),
        ({"tables": TABLES.format(name="audit_trail")}, "the table 'audit_trail'"),
        ({"templates__box.html": ""}, "the templates 'box.html', which does not carry its name"),
        (
            {"templates__mail__en__reset.txt": ""},
            "the templates 'mail/en/reset.txt', which does not carry its name",
        ),
        ({"static__lgpd__a.css": ""}, "the static 'lgpd/a.css', which does not carry its name"),
        (
            {"settings": "import msgspec\nclass AcfSettings(msgspec.Struct):\n    key: str\n"},
            "settings without a default: key",
        ),
        ({"settings": "x = 1\n"}, "has 0 Structs of settings"),
        ({"routes": "x = 1\n"}, "has routes without a list"),
        (
            {"hooks": "from core.contract.markers import hookimpl\n@hookimpl\ndef save_post(post): ...\n"},
            "save_post, which is no hook",
        ),
    ],
)
def test_what_does_not_carry_the_plugins_name_stops_the_start(
    shelf: Shelf, files: dict[str, str], complaint: str
) -> None:
    shelf.put("acf", **files)
    with pytest.raises(StartError) as caught:
        Loader().load()
    assert complaint in caught.value.message
    assert "“acf”" in caught.value.message


def test_names_that_the_documents_give_are_free_for_ours(shelf: Shelf) -> None:
    shelf.put("audit", dist="vitral", tables=TABLES.format(name="audit_trail"))
    assert [table._meta.tablename for table in Loader().load().known("audit").tables] == ["audit_trail"]


def test_a_table_outside_all_sites_is_not_for_a_plugin_that_sites_choose(shelf: Shelf) -> None:
    text = TABLES.format(name="acf_all").replace("TenantTable", "PlatformTable")
    shelf.put("acf", tables=text)
    with pytest.raises(StartError, match="keeps the table 'acf_all' outside of all sites"):
        Loader().load()
    shelf.put("lgpd", manifest='level="installation"', tables=text.replace("acf_all", "lgpd_all"))
    registry = Loader(points=_only("lgpd")).load()
    assert registry.declared("lgpd").platform_tables == ("lgpd_all",)


@pytest.mark.parametrize(
    ("hook", "item", "complaint"),
    [
        ("register_jobs", 'work.JobKind(name="acf.x", run=None)', "wrong run: None can't be called"),
        ("register_jobs", 'work.JobKind(name="acf.x", run=plain)', "wrong run: plain is not async"),
        ("register_jobs", 'work.JobKind(name="acf.x", run=run, every=5)', "wrong every"),
        (
            "register_content_checks",
            'content.ContentCheck(name="acf.x", version=1, check=run)',
            "wrong version",
        ),
        (
            "register_content_types",
            'content.ContentType(name="acf x", title="X", singular="X")',
            "wrong name",
        ),
        ("register_import_handlers", 'work.ImportHandler(kinds="comment", take=run)', "wrong kinds"),
    ],
)
def test_an_item_of_the_wrong_shape_stops_the_start(
    shelf: Shelf, hook: str, item: str, complaint: str
) -> None:
    """A Struct that is made in code holds whatever it was given."""
    shelf.put(
        "acf",
        hooks=f"""
            from core.contract import content, work
            from core.contract.markers import hookimpl
            async def run(*_): ...
            def plain(*_): ...
            @hookimpl
            def {hook}(): return [{item}]
        """,
    )
    with pytest.raises(StartError) as caught:
        Loader(core=()).load()
    assert complaint in caught.value.message
    assert "“acf”" in caught.value.message


@pytest.mark.parametrize("given", ["commands=(1,)", "hosts=None", "description=5", "level=None"])
def test_a_manifest_of_the_wrong_types_is_refused_by_name(shelf: Shelf, given: str) -> None:
    shelf.put("acf", manifest=given)
    with pytest.raises(StartError) as caught:
        Loader().load()
    assert "“acf” has a wrong " + given.partition("=")[0] in caught.value.message


def test_a_table_without_a_site_of_its_rows_stops_the_start(shelf: Shelf) -> None:
    """A bare table would read and write the rows of every site."""
    shelf.put(
        "acf",
        tables="""
            from piccolo.columns import Varchar
            from piccolo.table import Table
            class Posts(Table, tablename="posts"):
                title = Varchar(200)
        """,
    )
    with pytest.raises(StartError, match="keeps the table 'posts', which is not a site's"):
        Loader().load()


def test_personal_data_without_an_entry_for_whose_it_is_stops_the_start(shelf: Shelf) -> None:
    shelf.put(
        "acf",
        tables="""
            from piccolo.columns import Varchar
            from core.db import Personal, TenantTable, personal
            class AcfWriter(TenantTable, tablename="acf_writers"):
                email = personal(
                    Varchar(255), Personal(category="contact", purpose="x", basis="consent", retention="1 y")
                )
        """,
    )
    with pytest.raises(
        StartError, match=r"“acf” keeps personal data \(acf_writers.email\) without an entry"
    ) as caught:
        Loader().load()
    assert "register_personal_data" in caught.value.hint


def test_what_extends_a_thing_that_nobody_brings_stops_the_start(shelf: Shelf) -> None:
    shelf.put(
        "acf",
        hooks="""
            from core.contract.content import Extension, OwnerType
            from core.contract.markers import hookimpl
            async def nothing(*_anything): ...
            @hookimpl
            def register_owner_types():
                return [OwnerType(name="acf_groups", title="Groups", exists=nothing)]
            @hookimpl
            def register_extensions():
                return [Extension(owner="acf_group", key="acf", input=Extension, load=nothing, save=nothing,
                                  snapshot=nothing, restore=nothing, export=nothing, erase=nothing)]
        """,
    )
    with pytest.raises(StartError, match=r"“acf” extends 'acf_group', which no plugin brings") as caught:
        Loader(points=_only("acf")).load()
    assert "acf_groups" in caught.value.hint


def test_defaults_that_the_settings_themselves_refuse_stop_the_start(shelf: Shelf) -> None:
    shelf.put(
        "acf",
        settings="""
            from typing import Annotated
            from msgspec import Meta, Struct
            class AcfSettings(Struct):
                most: Annotated[int, Meta(ge=1)] = 0
        """,
    )
    with pytest.raises(StartError, match="has a default that its own settings refuse"):
        Loader().load()


@pytest.mark.parametrize(
    ("items", "complaint"),
    [
        ('Capability(name="other.view", title="x")', "'other.view', which does not carry its name"),
        (
            'Capability(name="moderate_comments", title="x")',
            "'moderate_comments', which does not carry its name",
        ),
        ('Capability(name="acf.a", title="x"), Capability(name="acf.a", title="y")', "are named 'acf.a'"),
    ],
)
def test_what_a_collection_brings_carries_the_name_too(shelf: Shelf, items: str, complaint: str) -> None:
    shelf.put(
        "acf",
        hooks=f"""
            from core.contract.accounts import Capability
            from core.contract.markers import hookimpl
            @hookimpl
            def register_capabilities(): return [{items}]
        """,
    )
    with pytest.raises(StartError) as caught:
        Loader().load()
    assert complaint in caught.value.message


HOOKSPECS = """
    from core.contract.markers import hookspec
    @hookspec
    def on_acf_saved(group: str) -> None:
        "Fire after a group was saved."
"""
LISTENER = """
    from core.contract.markers import hookimpl
    heard = []
    @hookimpl
    def on_acf_saved(group): heard.append(group)
"""


async def test_a_plugin_publishes_hooks_and_another_that_requires_it_hears_them(shelf: Shelf) -> None:
    package = shelf.put("acf", manifest='hookspecs=(__package__ + ".published",)', published=HOOKSPECS)
    listener = shelf.put("blocks", manifest='requires=("acf",)', hooks=LISTENER)
    registry = Loader().load()
    assert registry.declared("acf").publishes == ("on_acf_saved",)
    with use_plan(registry.plan(frozenset({"acf", "blocks"}))):
        await do_action(sys.modules[f"{package}.published"].on_acf_saved, "hero")
    assert sys.modules[f"{listener}.hooks"].heard == ["hero"]


def test_hearing_another_plugins_hooks_needs_requiring_it(shelf: Shelf) -> None:
    shelf.put("acf", manifest='hookspecs=(__package__ + ".published",)', published=HOOKSPECS)
    shelf.put("blocks", hooks=LISTENER)
    with pytest.raises(StartError, match="“blocks” implements on_acf_saved without requiring “acf”"):
        Loader().load()


def test_hooks_that_cannot_be_published_stop_the_start(shelf: Shelf) -> None:
    shelf.put("acf", manifest='hookspecs=("nowhere.hooks",)')
    with pytest.raises(StartError, match=r"“acf” publishes the hooks of nowhere\.hooks"):
        Loader().load()


async def test_plugins_and_the_cores_own_parts_can_be_given_as_objects() -> None:
    class Core:
        @hookimpl
        def filter_body_classes(self, classes: tuple[str, ...]) -> tuple[str, ...]:
            return (*classes, "core")

    class Hooks:
        @hookimpl
        async def filter_body_classes(self, classes: tuple[str, ...]) -> tuple[str, ...]:
            return (*classes, "gallery")

    gallery = Plugin(name="gallery", version="1.0", title="Gallery", parts={"hooks": Hooks()})
    registry = Loader(extra=[gallery], core=[Core()], points=()).load()
    with use_plan(registry.plan(frozenset({"gallery"}))):
        assert await apply_filters(site.filter_body_classes, (), page=None) == ("core", "gallery")  # type: ignore[arg-type]
    with use_plan(registry.platform_plan()):
        assert await apply_filters(site.filter_body_classes, (), page=None) == ("core",)  # type: ignore[arg-type]


def test_two_registries_in_one_process_know_nothing_of_each_other(shelf: Shelf) -> None:
    shelf.put("acf")
    one, other = Loader().load(), Loader(points=()).load()
    assert (set(one.plugins), set(other.plugins)) == ({"acf"}, set())


def test_reading_a_manifest_imports_neither_the_framework_nor_the_database() -> None:
    code = (
        "import sys; from core.plugins import Plugin; import core.plugins.discovery;"
        "print([name for name in ('litestar', 'piccolo', 'pluggy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
