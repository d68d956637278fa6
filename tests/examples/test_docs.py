"""What the pages for authors of plugins and themes show is what runs: code, files and commands."""

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

from core.cli.main import _vitral as vitral  # the group that `main` runs
from tests.examples.install import EXAMPLES

ROOT = EXAMPLES.parents[1]
PAGES = (
    "tutorial/first-plugin.md",
    "tutorial/first-theme.md",
    "how-to/write-a-plugin.md",
    "how-to/test-a-plugin.md",
)
BUILT = {"tutorial/first-plugin.md": "reading-time", "tutorial/first-theme.md": "caderno"}
"""Tutorials, and the example that each builds from nothing."""

_BLOCK = re.compile(
    r"^```\{code-block\} (?P<kind>\S+)\n:caption: (?P<path>\S+)\n\n(?P<text>.*?)^```$", re.M | re.S
)
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)


def blocks(page: str) -> list[tuple[str, str]]:
    """Return the captioned blocks of a page: the file each is from, and its text."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return [(found["path"], found["text"]) for found in _BLOCK.finditer(text)]


def source(path: str) -> Path:
    """Return the file that a caption names: of an example, or of the repository."""
    example = EXAMPLES / path
    return example if example.is_file() else ROOT / path


def chunks(text: str) -> list[str]:
    """Return what blank lines separate; imports line by line, since they are sorted into others' places."""
    found: list[str] = []
    for chunk in re.split(r"\n\s*\n", text.strip("\n")):
        lines = chunk.split("\n")
        if all(line.startswith(("from ", "import ")) for line in lines):
            found += lines
        else:
            found.append(chunk.rstrip())
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_in_the_file_that_it_names(page: str) -> None:
    found = blocks(page)
    assert found, f"{page} shows no files"
    for path, text in found:
        file = source(path)
        assert file.is_file(), f"{page}: there is no {path}"
        whole = file.read_text("utf-8")
        for chunk in chunks(text):
            assert chunk in whole, f"{page}: {path} does not say\n{chunk}"


@pytest.mark.parametrize("page", BUILT)
def test_a_tutorial_builds_the_whole_example(page: str) -> None:
    shown: dict[str, str] = {}
    for path, text in blocks(page):
        shown[path] = shown.get(path, "") + text
    folder = EXAMPLES / BUILT[page]
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.suffix in (".po", ".pyc") or file.name == "README.md":
            continue
        path = file.relative_to(EXAMPLES).as_posix()
        assert path in shown, f"{page} never shows {path}"
        for chunk in chunks(file.read_text("utf-8")):
            assert chunk in shown[path], f"{page} leaves out of {path}\n{chunk}"


@pytest.mark.parametrize("page", PAGES)
def test_python_in_a_page_is_python(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    for block in re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S):
        ast.parse(block)


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_a_page_exist(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    for block in _SHELL.findall(text):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0].endswith("vitral"):
                _resolve(words[1:], line)


def _resolve(words: list[str], line: str) -> None:
    command: click.Command = vitral
    context = click.Context(vitral, info_name="vitral")
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0]) if words else None
        assert found is not None, f"there is no command: {line}"
        command, words = found, words[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    options = {option for parameter in command.params for option in parameter.opts}
    for word in words:
        if word.startswith("--"):
            assert word.partition("=")[0] in options, f"{word} is no option: {line}"
