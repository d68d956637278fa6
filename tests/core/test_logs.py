"""The process's log: one line per record, whatever the message holds."""

import json
import logging
from collections.abc import Iterator

import pytest

from core.logs import set_up_logging
from core.settings import Settings

FORGED = "one\n12:00:00 info    vitral two\x1b[2J"


@pytest.fixture(autouse=True)
def _root_logger() -> Iterator[None]:
    """Put the root logger back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


def test_a_message_can_not_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Settings(log_level="warning"))
    logging.getLogger("vitral.test").info("too quiet")
    logging.getLogger("vitral.test").warning("%s", FORGED)
    (line,) = capsys.readouterr().err.splitlines()
    assert "warning" in line
    assert "\x1b" not in line


def test_what_an_error_says_can_not_forge_a_line_either(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Settings())
    try:
        raise ValueError(FORGED)
    except ValueError:
        logging.getLogger("vitral.test").exception("it failed")
    first, *rest = capsys.readouterr().err.splitlines()
    assert "it failed" in first
    assert any("vitral two" in line for line in rest)
    assert all(line.startswith("  ") and "\x1b" not in line for line in rest)


async def test_json_lines_name_the_site(
    app: object, within: object, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging(Settings(log_json=True))
    with within("alfa"):  # type: ignore[operator]  # a fixture that is called
        logging.getLogger("vitral.test").warning("%s", FORGED)
    (line,) = [text for text in capsys.readouterr().err.splitlines() if "vitral.test" in text]
    entry = json.loads(line)
    assert (entry["site"], entry["actor"], entry["level"]) == ("alfa", "cli", "warning")
    assert entry["message"] == FORGED
