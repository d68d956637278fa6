"""`vitral theme check`: what is wrong with a theme before its readers find out, by file and line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from babel.messages.pofile import read_po

from core.errors import Invalid
from core.themes.check_markup import markup_findings
from core.themes.check_templates import TemplateFile, template_files, template_findings
from core.themes.environment import ThemeEnvironment
from core.themes.findings import ThemeFinding
from core.themes.look import fonts_of, merged_contrast, merged_tokens
from core.themes.manifest import Theme, read_theme
from core.themes.tokens import poor_contrasts

__all__ = ["SIZE_LIMIT", "check_theme", "theme_at"]

SIZE_LIMIT: Final = 30_000
"""Bytes of style sheets and scripts that a theme and its parents may have together."""

_HOST: Final = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])(?:https?:)?//([^/'\")\s]+)", re.IGNORECASE)
_CSS_FILE: Final = re.compile(r"url\(\s*['\"]?([^'\")?#]+)")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_KNOWN_STATIC: Final = frozenset({"favicon.ico", "favicon.svg", "favicon.png"})
_QUOTED: Final = 60


def theme_at(place: str, installed: Mapping[str, Theme]) -> tuple[Theme, ...]:
    """Return a theme by its name or its folder, then its parents.

    Raises:
        Invalid: There is no theme, its manifest is wrong, or its parent is not installed; by place.
    """
    theme = installed.get(place)
    if theme is None:
        folder = Path(place)
        inside = sorted(folder.glob("*/theme.toml")) if folder.is_dir() else []
        if not (folder / "theme.toml").is_file() and len(inside) == 1:
            folder = inside[0].parent
        theme = read_theme(folder)
    line = [theme]
    while line[-1].parent:
        parent = installed.get(line[-1].parent)
        if parent is None or parent in line:
            raise Invalid(
                {f"{theme.path / 'theme.toml'}: parent": f"The theme {line[-1].parent!r} is not installed."}
            )
        line.append(parent)
    return tuple(line)


def check_theme(line: Sequence[Theme], environment: ThemeEnvironment) -> tuple[ThemeFinding, ...]:
    """Return everything that is wrong with a theme, in the order of its files.

    Args:
        line: The theme, then its parents. What is the parents' own is not looked at.
        environment: Brings the helpers and filters that there are.
    """
    files = template_files(line, environment)
    own = [file for file in files if file.theme == line[0].name]
    found = [
        *_contrasts(line),
        *_sizes(line),
        *template_findings(line, files, environment),
        *(finding for file in own for finding in markup_findings(file, line)),
        *_styles(line),
        *_words(line, files),
        *_unused(line, files),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.file, finding.line, finding.rule)))


def _manifest_line(theme: Theme, text: str) -> int:
    lines = (theme.path / "theme.toml").read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(text)), 1)


def _contrasts(line: Sequence[Theme]) -> Iterator[ThemeFinding]:
    theme = line[0]
    for poor in poor_contrasts(merged_tokens(line), merged_contrast(line)):
        yield ThemeFinding(
            rule="contrast",
            file="theme.toml",
            line=_manifest_line(theme, f"{poor.text} ="),
            text=f"{poor.text!r} on {poor.on!r} has a contrast of {int(poor.ratio * 100) / 100} to 1"
            f" {'by night' if poor.night else 'by day'}; {poor.least:g} is needed.",
        )
    tokens = merged_tokens(line)
    for pair in theme.contrast:
        for name in (pair.text, *pair.on):
            if name not in tokens:
                yield ThemeFinding("contrast", "theme.toml", 1, f"There is no token {name!r}.")


def _sizes(line: Sequence[Theme]) -> Iterator[ThemeFinding]:
    size = sum(
        path.stat().st_size
        for theme in line
        for path in (theme.path / "static").rglob("*")
        if path.suffix in (".css", ".js")
    )
    if size > SIZE_LIMIT:
        yield ThemeFinding(
            "size", "static", 0, f"Style sheets and scripts have {size} bytes; {SIZE_LIMIT} are enough."
        )


def _styles(line: Sequence[Theme]) -> Iterator[ThemeFinding]:
    hosts = {host for theme in line for group in msgspec.structs.astuple(theme.hosts) for host in group}
    for path in sorted((line[0].path / "static").rglob("*.css")):
        text = path.read_text("utf-8")
        for match in _HOST.finditer(text):
            if match[1] not in hosts:
                yield ThemeFinding(
                    "host",
                    f"static/{path.relative_to(line[0].path / 'static')}",
                    text.count("\n", 0, match.start()) + 1,
                    f"It loads from {match[1]}, which [hosts] of theme.toml does not name.",
                )


def _words(line: Sequence[Theme], files: Sequence[TemplateFile]) -> Iterator[ThemeFinding]:
    """Yield words without a translation, for every language that the theme or a parent speaks."""
    theme = line[0]
    languages = sorted(
        {path.name for each in line for path in (each.path / "locale").glob("*") if path.is_dir()}
    )
    for code in languages:
        known = {text for each in line for text in _translated(each, code)}
        said: dict[str, tuple[str, int]] = {}
        for file in files:
            if file.theme == theme.name and not file.foreign:  # a plugin says its own words
                for number, text in file.words:
                    said.setdefault(text, (file.name, number))
        for text in _titles(theme):
            said.setdefault(text, ("theme.toml", 1))
        for text, (name, number) in said.items():
            if text not in known:
                yield ThemeFinding(
                    "words", name, number, f"{text[:_QUOTED]!r} has no translation for {code}."
                )


def _titles(theme: Theme) -> Iterator[str]:
    yield from theme.regions.values()
    yield from theme.menus.values()
    yield from (template.title for template in theme.templates.values())
    for token in theme.tokens.values():
        yield from (text for text in (token.title, token.group) if text)


def _translated(theme: Theme, code: str) -> Iterator[str]:
    path = theme.path / "locale" / code / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return
    with path.open("rb") as source:
        for message in read_po(source):
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
            if all(strings):
                yield from ids


def _unused(line: Sequence[Theme], files: Sequence[TemplateFile]) -> Iterator[ThemeFinding]:
    """Yield static files that nothing asks for. Names that are put together at run time can't be known."""
    theme = line[0]
    folder = theme.path / "static"
    used = {name for file in files for name in file.statics} | _KNOWN_STATIC | {theme.screenshot}
    used |= {file.file for font in fonts_of(line).values() for file in font.files}
    for style in folder.rglob("*.css"):
        for match in _CSS_FILE.finditer(_COMMENT.sub("", style.read_text("utf-8"))):
            target = (style.parent / match[1].strip()).resolve()
            if target.is_relative_to(folder.resolve()):
                used.add(target.relative_to(folder.resolve()).as_posix())
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in used:
            yield ThemeFinding("unused", f"static/{name}", 0, "Nothing asks for this file.")
