"""The Content-Security-Policy of both faces, and where browsers report what it stopped.

The admin's policy carries a nonce, new for each response. The public site's has none, so that its
pages can be cached; it allows what comes from the site itself and the hosts that manifests name.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler

from core.errors import StartError

__all__ = ["REPORT_PATH", "CspHosts", "CspReport", "admin_policy", "report_route", "site_policy"]

REPORT_PATH = "/-/csp-report"
"""Path of the report endpoint. No slug begins with a hyphen, so no page can live there."""

_log = logging.getLogger("vitral.csp")
_HOST = re.compile(r"(?:https?://)?(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?")
_HASH = re.compile(r"'sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}'")


class CspHosts(msgspec.Struct, frozen=True, kw_only=True):
    """What plugins and themes add to the policy, by their manifests: hosts, per kind of thing.

    `scripts` and `styles` also take hashes such as "'sha256-...'" for inline pieces that never change.

    Raises:
        StartError: An entry is no host and no hash. `'unsafe-inline'`, `*` and whole schemes are refused.
    """

    images: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in self.__struct_fields__:
            for entry in getattr(self, field):
                hashed = field in ("scripts", "styles") and _HASH.fullmatch(entry)
                if not hashed and not _HOST.fullmatch(entry):
                    raise StartError(
                        f"{entry!r} can't be allowed for {field} in the content security policy.",
                        hint="Name a host, such as www.example.org or *.example.org.",
                    )

    def merged(self, other: "CspHosts") -> "CspHosts":
        """Return both sets of hosts together, each named once, sorted."""
        return CspHosts(
            **{
                field: tuple(sorted({*getattr(self, field), *getattr(other, field)}))
                for field in self.__struct_fields__
            }
        )


def _list(*sources: str) -> str:
    return " ".join(sources)


@lru_cache(maxsize=512)
def site_policy(hosts: CspHosts, https: bool) -> bytes:
    """Return the policy of the public site, the same for every response."""
    rules = [
        "default-src 'none'",
        _list("script-src 'self'", *hosts.scripts),
        _list("style-src 'self'", *hosts.styles),
        _list("img-src 'self' data:", *hosts.images),
        _list("font-src 'self'", *hosts.fonts),
        _list("media-src 'self'", *hosts.media),
        _list("connect-src 'self'", *hosts.connect),
        "manifest-src 'self'",
        _list("frame-src", *(hosts.frames or ("'none'",))),
        # the admin shows previews of the site in a frame
        "frame-ancestors 'self'",
        *_common(https),
    ]
    return "; ".join(rules).encode("ascii")


@lru_cache(maxsize=512)
def _admin_template(hosts: CspHosts, https: bool) -> tuple[bytes, ...]:
    rules = [
        "default-src 'none'",
        _list("script-src 'nonce-\x00'", *hosts.scripts),
        _list("style-src 'self' 'nonce-\x00'", *hosts.styles),
        _list("img-src 'self' blob: data:", *hosts.images),
        _list("font-src 'self'", *hosts.fonts),
        _list("media-src 'self' blob:", *hosts.media),
        _list("connect-src 'self'", *hosts.connect),
        "manifest-src 'self'",
        _list("frame-src 'self'", *hosts.frames),
        "frame-ancestors 'none'",
        *_common(https),
    ]
    return tuple("; ".join(rules).encode("ascii").split(b"\x00"))


def admin_policy(hosts: CspHosts, https: bool, nonce: str) -> bytes:
    """Return the policy of one admin response; only scripts with `nonce` run."""
    return nonce.encode("ascii").join(_admin_template(hosts, https))


def _common(https: bool) -> list[str]:
    rules = [
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "report-to csp",
        f"report-uri {REPORT_PATH}",
    ]
    return [*rules, "upgrade-insecure-requests"] if https else rules


class CspReport(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a browser refused to load or run. Addresses come without query and fragment."""

    directive: str
    blocked: str
    page: str
    source: str = ""
    line: int = 0


OnReport = Callable[[CspReport], Awaitable[None]]


def _shortened(address: object) -> str:
    """Return scheme, host and path: what is in a query may be personal."""
    if not isinstance(address, str):
        return ""
    try:
        parts = urlsplit(address[:2000])
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else parts.scheme or parts.path


def read_reports(value: Any) -> list[CspReport]:
    """Return the violations in a report body, of either of the two formats that browsers send."""
    if isinstance(value, dict):
        bodies = [value.get("csp-report")]
    elif isinstance(value, list):
        bodies = [
            item.get("body")
            for item in value[:20]
            if isinstance(item, dict) and item.get("type") == "csp-violation"
        ]
    else:
        bodies = []
    found = []
    for body in bodies:
        if not isinstance(body, dict):
            continue
        line = body.get("lineNumber", body.get("line-number", 0))
        found.append(
            CspReport(
                directive=str(body.get("effectiveDirective") or body.get("effective-directive") or "")[:100],
                blocked=_shortened(body.get("blockedURL", body.get("blocked-uri"))),
                page=_shortened(body.get("documentURL", body.get("document-uri"))),
                source=_shortened(body.get("sourceFile", body.get("source-file"))),
                line=line if isinstance(line, int) else 0,
            )
        )
    return found


def report_route(on_report: OnReport | None = None) -> HTTPRouteHandler:
    """Make the route that takes reports.

    Args:
        on_report: Gets each report. Without it they are logged, each kind once per process, because
            anybody can send any number of them.
    """
    seen: set[tuple[str, str]] = set()

    async def log_once(report: CspReport) -> None:
        key = (report.directive, report.blocked)
        if key not in seen and len(seen) < 200:
            seen.add(key)
            _log.warning(
                "refused by %r: %r on %r (%r line %d)", *key, report.page, report.source, report.line
            )

    sink = on_report or log_once

    @post(
        REPORT_PATH,
        status_code=204,
        include_in_schema=False,
        opt={
            "capability": "public",
            # browsers send reports on their own, without a token, and from pages of no site, too
            "platform": True,
            "accepts": ("application/csp-report", "application/reports+json"),
            "body_limit": 64_000,
        },
    )
    async def csp_report(request: Request[Any, Any, Any]) -> None:
        for report in read_reports(await request.json()):
            await sink(report)

    return csp_report
