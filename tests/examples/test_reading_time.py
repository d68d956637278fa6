"""The tutorial's plugin passes its own tests, installed the way its readers install it."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.examples.install import EXAMPLES, install

# in an installed Vitral, tests/kit is the package vitral_testkit
for _name in ("", ".client", ".people", ".plugin"):
    sys.modules[f"vitral_testkit{_name}"] = sys.modules[f"tests.kit{_name}"]


def _own_tests() -> dict[str, Any]:
    path = EXAMPLES / "reading-time" / "tests" / "test_reading_time.py"
    spec = importlib.util.spec_from_file_location("examples_reading_time_tests", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {
        name: value
        for name, value in vars(module).items()
        if name.startswith("test_") or name in ("app", "post")
    }


globals().update(_own_tests())


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    install("reading-time", folder, monkeypatch)
