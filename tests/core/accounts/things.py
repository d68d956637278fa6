"""Invented posts, people, terms and plugins."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from core.clock import now
from core.context import Actor
from core.contract.accounts import AccessPolicy, Decision
from core.contract.events import AuditEvent, AuditSink
from core.contract.markers import hookimpl
from core.contract.views import PostView, TermView, UserView
from core.ids import new_id
from core.plugins import Plugin

__all__ = ["Sink", "actor", "plugin", "policy", "post", "term", "user"]


def user(user_id: UUID | None = None) -> UserView:
    return UserView(id=user_id or new_id(), number=1, name="Ana", slug="ana")


def post(author: UUID | None = None, **fields: Any) -> PostView:
    values = {"type": "post", "status": "draft", "title": "T", "slug": "t", "content": ""} | fields
    return PostView(
        id=values.pop("id", new_id()),
        number=1,
        author=user(author),
        created_at=now(),
        updated_at=now(),
        **values,
    )


def term(**fields: Any) -> TermView:
    return TermView(
        **{"id": new_id(), "number": 1, "taxonomy": "category", "name": "N", "slug": "n"} | fields
    )


def actor(*capabilities: str, scopes: frozenset[str] | None = None, user_id: UUID | None = None) -> Actor:
    return Actor(kind="user", id=user_id or new_id(), capabilities=frozenset(capabilities), scopes=scopes)


def plugin(name: str = "probe", **hooks: Any) -> Plugin:
    """Return a plugin that implements these hooks."""
    marked = {hook: hookimpl(hook)(function) for hook, function in hooks.items()}
    return Plugin(name=name, version="1.0", title="Probe", parts={"hooks": SimpleNamespace(**marked)})


def policy(outcome: Any, name: str = "probe") -> Plugin:
    """Return a plugin whose access policy gives `outcome`: a word, an exception to raise, or nonsense."""
    asked: list[Any] = []

    async def evaluate(request: Any) -> Any:
        asked.append(request)
        if isinstance(outcome, Exception):
            raise outcome
        return Decision(outcome=outcome, reasons=("because",)) if isinstance(outcome, str) else outcome

    made = plugin(
        name, register_access_policies=lambda: [AccessPolicy(name=f"{name}.policy", evaluate=evaluate)]
    )
    made.parts["hooks"].asked = asked
    return made


class Sink:
    """A plugin with an audit sink that keeps what it gets, or fails."""

    def __init__(self, name: str = "probe") -> None:
        self.events: list[AuditEvent] = []
        self.error: Exception | None = None
        self.plugin = plugin(
            name, register_audit_sinks=lambda: [AuditSink(name=f"{name}.sink", write=self.write)]
        )

    async def write(self, events: Any) -> None:
        if self.error is not None:
            raise self.error
        self.events.extend(events)

    @property
    def actions(self) -> list[tuple[str, str]]:
        return [(event.action, event.outcome) for event in self.events]
