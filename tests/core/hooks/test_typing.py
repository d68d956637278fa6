"""Wrong calls of hooks are found by the type checker, before anything runs."""

from pathlib import Path

from mypy import api

CASES = Path(__file__).with_name("typing_cases.py")


def test_mypy_refuses_wrong_calls_and_passes_right_ones() -> None:
    report, complaints, _status = api.run(
        ["--strict", "--follow-imports=silent", "--warn-unused-ignores", str(CASES)]
    )
    assert complaints == ""
    mine = [line for line in report.splitlines() if CASES.name in line]
    assert mine == []
    # the ignores are what refuses: without them each wrong line is reported
    assert CASES.read_text("utf-8").count("# type: ignore[") >= 10
