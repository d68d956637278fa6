"""What may not stand in any file, and what must stand beside an exception to a rule."""

import io
import re
import tokenize
import tomllib
from collections.abc import Iterator

import pytest

from tests.policy.tree import ROOT, complaints, files, parsed
from tests.policy.tree import Module as Source

# put together here, so that this file itself keeps the rule
_HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb." + "debian.org"]
_FORBIDDEN = re.compile(
    "|".join(map(re.escape, _HOSTS)) + r"|(?<![\w.\-/~}\]])/(?:ro" + r"ot|wo" + r"rk|ho" + r"me/[a-z]+)/[\w.]"
)
_MARK = re.compile(r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore|mypy:\s*ignore)(?P<codes>[:\[]?)")
_CODES = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|(?:type|pyright):\s*ignore\[[\w\s,\-]+\])", re.ASCII
)
_REASON = re.compile(r"[^\W\d_]{2,}")


def _leaks(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := _FORBIDDEN.search(line):
            yield number, found.group()


def ignores_carry_reasons(module: Source) -> Iterator[str]:
    """Yield a complaint for each ignore without codes, and each without words that say why."""
    if not _MARK.search(module.source):
        return
    for token in tokenize.generate_tokens(io.StringIO(module.source).readline):
        if token.type != tokenize.COMMENT or not _MARK.search(token.string):
            continue
        if module.path.startswith("tests/") and "noqa" not in token.string:
            continue  # the type checkers do not run on tests, which pass wrong types on purpose
        rest = _CODES.sub("", token.string)
        if _MARK.search(rest):
            yield f"{module.path}:{token.start[0]}: name the code that is ignored: {token.string}"
        elif not _REASON.search(rest):
            yield f"{module.path}:{token.start[0]}: say why behind it: {token.string}"


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{path}:{number}: {what}"
        for path in files()
        if path != "uv.lock"
        for number, what in _leaks((ROOT / path).read_bytes().decode("utf-8", "ignore"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", [f'"resolved": "https://registry.{_HOSTS[2]}/x"', "see /ro" + "ot/.cache/uv"]
)
def test_a_registry_or_a_machine_is_found(text: str) -> None:
    assert list(_leaks(text))


def test_an_address_that_only_looks_like_one_is_not() -> None:
    assert not list(_leaks('href="/framework/x" href="https://example.org/wo' + 'rk/1" {root}/work'))


def test_every_ignore_in_code_carries_a_reason() -> None:
    assert complaints(ignores_carry_reasons) == ""


@pytest.mark.parametrize(
    "comment",
    ["# noqa", "# noqa: S608", "# type: ignore", "# type: ignore[arg-type]", "# type: ignore  # why"],
)
def test_an_ignore_without_code_or_reason_is_found(comment: str) -> None:
    assert list(ignores_carry_reasons(parsed("core/bad.py", f"x = 1  {comment}\n")))


@pytest.mark.parametrize(
    "comment", ["# noqa: S608  # names of ours", "# type: ignore[arg-type]  a list of str"]
)
def test_an_ignore_with_both_passes(comment: str) -> None:
    assert not list(ignores_carry_reasons(parsed("core/good.py", f"x = 1  {comment}\n")))


def _ignored_lines(text: str) -> Iterator[str]:
    """Yield the lines of pyproject.toml that switch a rule of ruff off."""
    section = re.search(r"^ignore = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    assert section is not None
    yield from section.group(1).splitlines()
    start = text.index("[tool.ruff.lint.per-file-ignores]\n")
    for line in text[start : text.index("\n[", start + 1)].splitlines()[1:]:
        if re.search(r'"[A-Z]+\d+"', line):
            yield line


def test_every_rule_switched_off_carries_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert tomllib.loads(text)["tool"]["ruff"]["lint"]["ignore"]
    assert [line for line in _ignored_lines(text) if not re.search(r"#\s*\S.{2,}", line)] == []


def test_no_file_holds_what_a_merge_left() -> None:
    marks = tuple(sign * 7 + " " for sign in "<>")
    found = [
        f"{path}:{number}"
        for path in files()
        for number, line in enumerate((ROOT / path).read_bytes().decode("utf-8", "ignore").splitlines(), 1)
        if line.startswith(marks)
    ]
    assert found == []
