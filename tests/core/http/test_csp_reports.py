"""The report endpoint takes both formats, keeps queries out, and can't be used to fill the log."""

import json
import logging
from typing import Any

import pytest

from core.http import REPORT_PATH, CspReport, report_route

OLD = {
    "csp-report": {
        "document-uri": "https://site.test/a?token=secret",
        "effective-directive": "img-src",
        "blocked-uri": "https://evil.test/x.png?patient=1",
        "line-number": 3,
        "source-file": "https://site.test/a.js?x",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "body": {
            "documentURL": "https://site.test/b",
            "effectiveDirective": "script-src-elem",
            "blockedURL": "inline",
            "lineNumber": 9,
        },
    },
    {"type": "deprecation", "body": {}},
]


@pytest.mark.parametrize(
    ("media", "body", "wanted"),
    [
        (
            "application/csp-report",
            OLD,
            [
                CspReport(
                    directive="img-src",
                    blocked="https://evil.test/x.png",
                    page="https://site.test/a",
                    source="https://site.test/a.js",
                    line=3,
                )
            ],
        ),
        (
            "application/reports+json",
            NEW,
            [CspReport(directive="script-src-elem", blocked="inline", page="https://site.test/b", line=9)],
        ),
        ("application/reports+json", [], []),
        ("application/csp-report", {"csp-report": "x"}, []),
        ("application/csp-report", 7, []),
    ],
)
async def test_both_formats(edge: Any, media: str, body: Any, wanted: list[CspReport]) -> None:
    seen: list[CspReport] = []

    async def keep(report: CspReport) -> None:
        seen.append(report)

    async with edge(report_route(keep)) as client:
        answer = await client.post(REPORT_PATH, content=json.dumps(body), headers={"content-type": media})
    assert answer.status_code == 204
    assert seen == wanted


async def test_other_bodies_are_refused(edge: Any) -> None:
    async with edge(report_route()) as client:
        form = await client.post(REPORT_PATH, data={"a": "b"})
        broken = await client.post(
            REPORT_PATH, content=b"[" * 100_000, headers={"content-type": "application/reports+json"}
        )
        large = await client.post(
            REPORT_PATH, content=b" " * 64_001, headers={"content-type": "application/reports+json"}
        )
    assert (form.status_code, broken.status_code, large.status_code) == (415, 413, 413)


async def test_the_log_holds_each_kind_once(edge: Any, caplog: pytest.LogCaptureFixture) -> None:
    async with edge(report_route()) as client:
        with caplog.at_level(logging.WARNING, "vitral.csp"):
            for _ in range(5):
                await client.post(
                    REPORT_PATH, content=json.dumps(OLD), headers={"content-type": "application/csp-report"}
                )
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text
    assert "patient" not in caplog.text
