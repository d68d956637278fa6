"""Logging of the installation: one line per record, for people or as JSON, with request and site (control LO02)."""

import json
import logging
import sys
from datetime import UTC, datetime

from core.context import current_actor, maybe_tenant, request_id
from core.settings import Settings

__all__ = ["set_up_logging"]


def _one_line(text: str) -> str:
    """Escape what could forge a line of the log or command a terminal."""
    return "".join(
        ch if ch.isprintable() or ch == " " else ch.encode("unicode_escape").decode("ascii") for ch in text
    )


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        tenant = maybe_tenant()
        where = f" [{tenant.slug}]" if tenant else ""
        at = datetime.fromtimestamp(record.created, UTC)
        line = f"{at:%H:%M:%S} {record.levelname.lower():7} {record.name}{where} {_one_line(record.getMessage())}"
        if record.exc_info:
            # indented, so that no line of it passes for a record
            told = self.formatException(record.exc_info).splitlines()
            line += "".join(f"\n  {_one_line(part)}" for part in told)
        return line


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        tenant, actor = maybe_tenant(), current_actor()
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id() or None,
            "site": tenant.slug if tenant else None,
            "actor": str(actor.id) if actor.id else actor.kind,
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def set_up_logging(settings: Settings) -> None:
    """Send the process's log to stderr, as the settings say. Called by the server and the worker, not by the app."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if settings.log_json else _Plain())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for chatty in ("httpx", "asyncio", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
