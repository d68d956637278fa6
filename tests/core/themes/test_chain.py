"""Which file a name means, and what stands above it."""

from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.themes.chain import Chain
from core.themes.environment import ChainRules, SharedCode, ThemeEnvironment, make_environment


def chain(tmp_path: Path, *levels: dict[str, str]) -> list[Path]:
    """Return one folder per level, with these files in it."""
    folders = []
    for number, files in enumerate(levels):
        folder = tmp_path / str(number)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        folder.mkdir(exist_ok=True)
        folders.append(folder)
    return folders


def environment(folders: list[Path], *, reload: bool = False, **helpers: Any) -> ThemeEnvironment:
    return make_environment(folders, code=SharedCode(), helpers=helpers, reload=reload)


async def rendered(made: Any, name: str, **context: Any) -> str:
    text: str = await made.get_template(name).render_async(**context)
    return text


async def test_the_first_folder_wins(tmp_path: Path) -> None:
    folders = chain(tmp_path, {"a.html": "own"}, {"a.html": "theme", "b.html": "theme"}, {"c.html": "core"})
    made = environment(folders)
    assert [await rendered(made, f"{name}.html") for name in "abc"] == ["own", "theme", "core"]


async def test_parent_means_the_next_one_up_wherever_it_is_said(tmp_path: Path) -> None:
    own = '{% extends "parent:page.html" %}{% block x %}site({{ super() }}){% endblock %}'
    child = '{% extends "parent:page.html" %}{% block x %}child({{ super() }}){% endblock %}'
    folders = chain(
        tmp_path,
        {"page.html": own},
        {"page.html": child},
        {"other.html": ""},
        {"page.html": "<{% block x %}root{% endblock %}>"},
    )
    assert await rendered(environment(folders), "page.html") == "<site(child(root))>"


async def test_parent_works_for_includes_and_imports_too(tmp_path: Path) -> None:
    folders = chain(
        tmp_path,
        {
            "m.html": '{% from "parent:m.html" import hi %}{{ hi() }}',
            "i.html": 'a{% include "parent:i.html" %}',
        },
        {"m.html": "{% macro hi() %}hello{% endmacro %}", "i.html": "b"},
    )
    made = environment(folders)
    assert await rendered(made, "m.html") == "hello"
    assert await rendered(made, "i.html") == "ab"


async def test_plain_names_in_a_parent_start_at_the_beginning_again(tmp_path: Path) -> None:
    folders = chain(
        tmp_path,
        {"page.html": '{% extends "parent:page.html" %}', "part.html": "child's"},
        {"page.html": '{% include "part.html" %}', "part.html": "parent's"},
    )
    assert await rendered(environment(folders), "page.html") == "child's"


async def test_nothing_above_is_told(tmp_path: Path) -> None:
    made = environment(chain(tmp_path, {"page.html": '{% extends "parent:page.html" %}'}, {}))
    with pytest.raises(TemplateNotFound, match=r"Nothing above 'page.html'.*'page.html'"):
        await rendered(made, "page.html")


@pytest.mark.parametrize(
    "name", ["../secret.txt", "a/../../secret.txt", "/etc/passwd", "@0:../secret.txt", "@9:a"]
)
def test_no_name_leads_out_of_the_folders(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    made = environment(chain(tmp_path, {"a.html": ""}))
    with pytest.raises((TemplateNotFound, IndexError)):
        made.get_template(name)


def test_all_names_are_listed_once(tmp_path: Path) -> None:
    folders = chain(tmp_path, {"a.html": ""}, {"a.html": "", "parts/b.html": ""})
    assert Chain(folders, fixed=True).list_templates() == ["a.html", "parts/b.html"]


async def test_a_file_put_before_another_is_found_while_one_works_on_a_theme(tmp_path: Path) -> None:
    folders = chain(tmp_path, {}, {"page.html": "parent"})
    made = environment(folders, reload=True)
    assert await rendered(made, "page.html") == "parent"
    (folders[0] / "page.html").write_text("child")
    assert await rendered(made, "page.html") == "child"


async def test_code_is_shared_between_environments_and_kept_apart_by_file(tmp_path: Path) -> None:
    code = SharedCode()
    one = chain(tmp_path / "x", {"a.html": "{{ v }}!"})
    two = chain(tmp_path / "y", {"a.html": "{{ v }}?"})
    texts = []
    for folders in (one, one, two):
        made = make_environment(folders, code=code, helpers={}, reload=False)
        texts.append(await rendered(made, "a.html", v=1))
    assert texts == ["1!", "1!", "2?".replace("2", "1")]
    assert len(code._code) == 2


async def test_a_sandbox_for_edited_templates_takes_the_same_rules(tmp_path: Path) -> None:
    class Edited(ChainRules, ImmutableSandboxedEnvironment):
        """As templates edited in the browser will be rendered (control IO05)."""

    class Thing:
        name = "Ana"

    folders = chain(
        tmp_path,
        {"page.html": '{% extends "parent:page.html" %}{% block x %}{{ thing.name }}{% endblock %}'},
        {"page.html": "[{% block x %}{% endblock %}]", "bad.html": "{{ thing.__class__.__mro__ }}"},
    )
    made = Edited(loader=Chain(folders, fixed=True), autoescape=True, enable_async=True)
    assert await rendered(made, "page.html", thing=Thing()) == "[Ana]"
    with pytest.raises((SecurityError, UndefinedError)):
        await rendered(made, "bad.html", thing=Thing())
