"""What a theme's templates get: the page's struct, views, helpers and filters."""

import ast
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from core.contract import pages, views
from core.hooks import collect_owned
from core.themes import filters
from core.themes.helpers import page_helpers
from generators.installation import Installation
from generators.markdown import cell, code, escaped, first_line, page_of, table
from hookspecs import site

__all__ = ["page"]

_INTRO = """A template of a theme is rendered with `page`, one of the structs below (which one, `page.kind` says), and
`site`, the same as `page.site`. Values are frozen; a name that does not exist is an error, not empty. Everything is
escaped; `{{ post.html | html }}` marks a post's HTML, which passed the allow-list, as HTML."""


def page(installation: Installation) -> str:
    """Return the page of the template context."""
    owners = {name: owner for owner, (name, _helper) in collect_owned(site.register_template_helpers)}
    rows = [
        (_call(name, helper), first_line(helper.__doc__), owners.get(name, "core"))
        for name, helper in page_helpers().items()
    ]
    own = [(code(name), first_line(filters.ALL[name].__doc__)) for name in filters.ALL]
    return page_of(
        "Template context",
        _INTRO,
        "## Pages",
        *_structs(pages),
        "## Views",
        *_structs(views),
        "## Helpers",
        "Functions that every template may call. A plugin's exist on sites where it is enabled.",
        table(("helper", "what it gives", "of"), sorted(rows)),
        "## Filters",
        "Beside [Jinja's own](https://jinja.palletsprojects.com/en/stable/templates/#builtin-filters).",
        table(("filter", "what it does"), own),
    )


def _call(name: str, helper: Callable[..., Any]) -> str:
    taken = [p for p in inspect.signature(helper).parameters.values() if p.name != "context"]
    parts = [p.name if p.default is p.empty else f"{p.name}={p.default!r}" for p in taken]
    return f"`{name}({', '.join(parts)})`"


def _structs(module: ModuleType) -> Iterator[str]:
    tree = ast.parse(inspect.getsource(module))
    known = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for name, node in known.items():
        if not name.startswith("_"):
            bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in known]
            more = f" All of {' and '.join(code(base) for base in bases)}, and:" if bases else ""
            yield f"### `{name}`"
            yield escaped(" ".join((ast.get_docstring(node) or "").split())) + more
            yield table(("field", "type", "default", "meaning"), _fields(node))


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str, str, str]]:
    for field, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            default = ast.unparse(field.value) if field.value is not None else ""
            meaning = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                meaning = escaped(" ".join(str(after.value.value).split()))
            yield code(field.target.id), f"`{cell(ast.unparse(field.annotation))}`", code(default), meaning
        elif isinstance(field, ast.FunctionDef) and not field.name.startswith("_"):
            returns = ast.unparse(field.returns) if field.returns else ""
            yield (
                code(field.name),
                code(returns),
                "",
                escaped(" ".join((ast.get_docstring(field) or "").split())),
            )
