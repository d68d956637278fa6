"""What the page on cryptography says is so."""

import re
from pathlib import Path

import core.crypto
from core.crypto import INSTALLATION_PURPOSES, MAX_PASSWORD_BYTES, Passwords, Suite
from core.crypto.envelope import OVERHEAD

ROOT = Path(core.crypto.__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "cryptography.md").read_text("utf-8")


def test_the_example_opens_a_golden_vector() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(blocks) == 1
    names: dict[str, object] = {}
    code = blocks[0].replace('Path("tests', f'Path("{ROOT}/tests')
    exec(compile(code, "cryptography.md", "exec"), names)  # noqa: S102  # our own page
    assert names["plaintext"] == "olá".encode()


def test_numbers_and_purposes_are_those_of_the_code() -> None:
    listed = re.search(r"The core's own purposes, (.*?), always", PAGE)
    assert listed is not None
    assert set(re.findall(r"`([a-z-]+)`", listed[1])) == INSTALLATION_PURPOSES
    assert f"It adds {OVERHEAD} bytes" in PAGE
    assert f"More than {MAX_PASSWORD_BYTES:,} bytes" in PAGE
    assert f"{Passwords().queue} more may wait" in PAGE
    for suite in Suite:
        name = suite.name.replace("_", "-").lower()
        assert f"`{suite:02x}` {name}" in PAGE.lower()
