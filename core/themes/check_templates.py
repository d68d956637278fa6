"""What a theme's templates say: names that there are, output that is escaped, places that plugins need."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from core.contract.pages import ErrorPage, ListPage, Page, PasswordPage, SinglePage
from core.contract.views import SiteView
from core.hooks import nearest
from core.themes.chain import PARENT
from core.themes.environment import ThemeEnvironment
from core.themes.findings import ThemeFinding
from core.themes.manifest import Theme

__all__ = ["NEEDED_SLOTS", "TemplateFile", "template_files", "template_findings"]

NEEDED_SLOTS: Final = ("head", "body_start", "before_content", "after_content", "after_post")
"""Places where plugins put what they have to show."""
_PAGES: Final = (Page, SinglePage, ListPage, PasswordPage, ErrorPage)
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "page": frozenset(name for page in _PAGES for name in page.__struct_fields__),
    "site": frozenset(SiteView.__struct_fields__),
}
_CHOSEN: Final = re.compile(
    r"(?:front-page|home|index|search|password|error|[45]\d\d|date|singular"
    r"|(?:single|page|category|tag|taxonomy|author|archive)(?:-[a-z0-9_-]+)?)"
)
"""Names that pages look for: docs/how-to/write-a-theme.md."""
_GIVEN: Final = frozenset({"self", "super", "loop", "caller", "varargs", "kwargs"})
_TRUSTED: Final = re.compile(r"(?:^|\.)(?:html|highlight)$")


@dataclass
class TemplateFile:
    """A template of a theme or of one of its parents."""

    theme: str
    name: str
    """Path below the theme's folder: "templates/base.html"."""
    text: str
    tree: nodes.Template | None = None
    error: tuple[int, str] | None = None
    refers: list[tuple[int, str]] = field(default_factory=list)
    """Templates that it extends, includes and imports; a `parent:` is left in."""
    statics: set[str] = field(default_factory=set)
    words: list[tuple[int, str]] = field(default_factory=list)
    calls: list[tuple[int, str, str]] = field(default_factory=list)
    """Helpers that it calls with a text first: line, helper, text."""

    @property
    def short(self) -> str:
        """What others call it: "base.html"."""
        return self.name.removeprefix("templates/")

    @property
    def foreign(self) -> bool:
        """It stands in the place of a plugin's template, and gets what that gets."""
        return "/" in self.short and not self.short.startswith("parts/")


def template_files(line: Sequence[Theme], environment: ThemeEnvironment) -> list[TemplateFile]:
    """Return the templates of a theme and its parents, read and parsed."""
    files = []
    for theme in line:
        folder = theme.path / "templates"
        for path in sorted(folder.rglob("*.html")):
            name = f"templates/{path.relative_to(folder).as_posix()}"
            file = TemplateFile(theme.name, name, path.read_text("utf-8"))
            try:
                file.tree = environment.parse(file.text)
            except TemplateSyntaxError as error:
                file.error = (error.lineno, error.message or "This is no template.")
            else:
                _look_through(file, file.tree)
            files.append(file)
    return files


def _look_through(file: TemplateFile, tree: nodes.Template) -> None:
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        template = node.template  # type: ignore[attr-defined]  # all four have one
        names = template.value if isinstance(template, nodes.Const) else ()
        for name in (names,) if isinstance(names, str) else names:
            file.refers.append((node.lineno, name))
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or not call.args:
            continue
        texts = [
            arg.value for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)
        ]
        if not texts:
            continue
        helper = call.node.name
        file.calls.append((call.lineno, helper, texts[0]))
        if helper in ("_", "gettext"):
            file.words.append((call.lineno, texts[0]))
        elif helper == "ngettext":
            file.words += [(call.lineno, text) for text in texts[:2]]
        elif helper == "static" and len(texts) == 1:
            file.statics.add(texts[0])


def template_findings(
    line: Sequence[Theme], files: Sequence[TemplateFile], environment: ThemeEnvironment
) -> Iterator[ThemeFinding]:
    """Yield what is wrong with the templates of a theme."""
    theme = line[0]
    own = [file for file in files if file.theme == theme.name]
    stored = {
        name.name
        for file in files
        if file.tree is not None
        for name in file.tree.find_all(nodes.Name)
        if name.ctx in ("store", "param")
    }
    filters = frozenset(environment.filters)
    for file in own:  # the search for names would stop at the first filter that there is not
        for node in file.tree.find_all(nodes.Filter) if file.tree is not None else ():
            environment.filters.setdefault(node.name, str)
    known = {*environment.globals, *_FIELDS, *_GIVEN, *stored}
    for file in own:
        if file.error is not None or file.tree is None:
            yield ThemeFinding("syntax", file.name, *(file.error or (0, "")))
            continue
        if not file.foreign:
            yield from _names(file, file.tree, known)
        yield from _attributes(file, file.tree)
        yield from _filters(file, file.tree, filters)
        yield from _places(file, line)
        yield from _references(file, files, environment)
    yield from _slots(theme, files)
    if all(file.error is None for file in own):
        yield from _unreached(theme, own, files)


def _names(file: TemplateFile, tree: nodes.Template, known: set[str]) -> Iterator[ThemeFinding]:
    unknown = find_undeclared_variables(tree) - known
    seen = set()
    for node in tree.find_all(nodes.Name):
        if node.name in unknown and node.name not in seen:
            seen.add(node.name)
            near = nearest(node.name, known)
            hint = f" Did you mean {near!r}?" if near else ""
            yield ThemeFinding("name", file.name, node.lineno, f"There is no {node.name!r}.{hint}")


def _attributes(file: TemplateFile, tree: nodes.Template) -> Iterator[ThemeFinding]:
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name in _FIELDS:
            fields = _FIELDS[node.node.name]
            if node.attr not in fields:
                near = nearest(node.attr, fields)
                hint = f" Did you mean {near!r}?" if near else ""
                yield ThemeFinding(
                    "name", file.name, node.lineno, f"{node.node.name!r} has no {node.attr!r}.{hint}"
                )


def _filters(file: TemplateFile, tree: nodes.Template, known: frozenset[str]) -> Iterator[ThemeFinding]:
    for node in tree.find_all(nodes.Filter):
        if node.name == "safe":
            yield ThemeFinding("escape", file.name, node.lineno, "There is no 'safe': everything is escaped.")
        elif node.name not in known:
            near = nearest(node.name, known)
            hint = f" Did you mean {near!r}?" if near else ""
            yield ThemeFinding("name", file.name, node.lineno, f"There is no filter {node.name!r}.{hint}")
        elif node.name == "html" and not _TRUSTED.search(_written(node.node)):
            yield ThemeFinding(
                "escape", file.name, node.lineno, "Only what the core cleaned is shown as HTML: 'post.html'."
            )


def _written(node: nodes.Node | None) -> str:
    """Return an expression of names and attributes as it is written, "" for others."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return ""


def _places(file: TemplateFile, line: Sequence[Theme]) -> Iterator[ThemeFinding]:
    for helper, group in (("region", "regions"), ("menu", "menus")):
        known = {name for theme in line for name in getattr(theme, group)}
        for number, called, text in file.calls:
            if called == helper and text not in known:
                yield ThemeFinding("place", file.name, number, f"[{group}] of theme.toml has no {text!r}.")


def _references(
    file: TemplateFile, files: Sequence[TemplateFile], environment: ThemeEnvironment
) -> Iterator[ThemeFinding]:
    known = {other.short for other in files}
    for number, name in file.refers:
        plain = name.removeprefix(PARENT)
        above = [other for other in files if other.short == plain and other.theme != file.theme]
        fine = above if name.startswith(PARENT) else plain in known
        if not fine and not _elsewhere(plain, environment):
            yield ThemeFinding("name", file.name, number, f"There is no template {name!r}.")


def _elsewhere(name: str, environment: ThemeEnvironment) -> bool:
    """Tell whether the core or a plugin brings a template."""
    loader = environment.loader
    return loader is not None and name in loader.list_templates()


def _slots(theme: Theme, files: Sequence[TemplateFile]) -> Iterator[ThemeFinding]:
    """Yield places for plugins that no template in effect has."""
    covered, seen = set(), set()
    for file in files:  # the theme first, then its parents
        if file.short in seen:
            continue
        covered |= {text for _line, helper, text in file.calls if helper == "slot"}
        if not any(name == PARENT + file.short for _line, name in file.refers):
            seen.add(file.short)
    for slot in NEEDED_SLOTS:
        if slot not in covered:
            name = "single.html" if slot == "after_post" else "base.html"
            yield ThemeFinding("slot", f"templates/{name}", 0, f'{{{{ slot("{slot}") }}}} is missing.')


def _unreached(
    theme: Theme, own: Sequence[TemplateFile], files: Sequence[TemplateFile]
) -> Iterator[ThemeFinding]:
    asked = {name.removeprefix(PARENT) for file in files for _line, name in file.refers}
    for file in own:
        stem = file.short.removesuffix(".html")
        if not (file.foreign or file.short in asked or stem in theme.templates or _CHOSEN.fullmatch(stem)):
            yield ThemeFinding("unused", file.name, 0, "Nothing asks for this template.")
