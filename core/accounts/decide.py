"""The one decision point: capabilities first, then the access seam; the strictest answer wins."""

import logging
from typing import Any, Final

from core.accounts.capabilities import granted
from core.accounts.events import refused
from core.accounts.mapping import map_capability
from core.accounts.matrix import UNATTAINABLE
from core.accounts.signals import current_signals
from core.context import Actor, current_actor
from core.contract.accounts import AccessPolicy, AccessRequest, Decision, Outcome
from core.contract.views import PostView, TermView, UserView
from core.errors import Forbidden, StepUp, Unauthenticated
from core.hooks import apply_filters, collect
from core.i18n import gettext as _
from hookspecs import accounts

__all__ = ["decide", "require"]

log = logging.getLogger("vitral.accounts")

_RANK: Final[dict[Outcome, int]] = {"allow": 0, "step_up": 1, "deny": 2}
_ALLOW: Final = Decision(outcome="allow")
_TRUSTED: Final = ("cli", "job")
"""The shell and the job worker act for the operator and for work that was allowed when it was queued."""


async def decide(actor: Actor, capability: str, object: Any = None) -> Decision:
    """Tell whether `actor` may do this.

    Args:
        actor: Who wants to.
        capability: A capability (`edit_posts`), or a question about `object` (`edit_post`).
        object: The view that the question is about.

    Returns:
        Allow, step up or deny, with reasons. The shell and jobs are always allowed: what they do is
        recorded by the operations. Platform operators hold no rights in a site.
    """
    if actor.kind in _TRUSTED:
        return _ALLOW
    needed = map_capability(actor, capability, object)
    needed = await apply_filters(accounts.filter_required_capabilities, needed, capability, object)
    missing = needed - _held(actor, capability)
    if missing:
        return Decision(outcome="deny", reasons=(_reason(missing),), missing=frozenset(missing))
    outside = needed - actor.scopes if actor.scopes is not None else frozenset()
    if outside:
        reason = _("This API token was not given: %(names)s.") % {"names": ", ".join(sorted(outside))}
        return Decision(outcome="deny", reasons=(reason,), missing=frozenset(outside))
    return await _ask_policies(actor, capability, object)


def _held(actor: Actor, capability: str) -> frozenset[str]:
    if actor.kind == "user":
        return granted(actor.capabilities)
    if actor.kind == "visitor" and capability.startswith("read_"):
        # what is published needs `read`, and everybody may read that
        return frozenset({"exist", "read"})
    return frozenset({"exist"})


def _reason(missing: frozenset[str]) -> str:
    if UNATTAINABLE in missing:
        return _("Nobody may do this.")
    return _("This needs the right: %(names)s.") % {"names": ", ".join(sorted(missing))}


async def _ask_policies(actor: Actor, capability: str, about: Any) -> Decision:
    policies = collect(accounts.register_access_policies)
    if not policies:
        return _ALLOW
    request = AccessRequest(
        actor=actor,
        capability=capability,
        object_type=_type_of(about),
        object=about,
        signals=current_signals(),
    )
    strictest = _ALLOW
    for policy in policies:
        decision = await _ask(policy, request)
        if _RANK[decision.outcome] > _RANK[strictest.outcome]:
            strictest = decision
        if strictest.outcome == "deny":
            break
    return strictest


async def _ask(policy: AccessPolicy, request: AccessRequest) -> Decision:
    try:
        decision = await policy.evaluate(request)
        if not isinstance(decision, Decision) or decision.outcome not in _RANK:
            raise TypeError(f"the policy returned {decision!r}, which is no decision")
    except Exception:
        log.exception("The access policy %s failed on %s, so it denies.", policy.name, request.capability)
        return Decision(outcome="deny", reasons=(_("The policy %(name)s failed.") % {"name": policy.name},))
    return decision


def _type_of(about: Any) -> str:
    if isinstance(about, PostView):
        return about.type
    if isinstance(about, TermView):
        return about.taxonomy
    if isinstance(about, UserView):
        return "user"
    return "" if about is None else type(about).__name__.removesuffix("View").lower()


async def require(capability: str, object: Any = None) -> Decision:
    """Let the current actor go on, or raise.

    Args:
        capability: As for `decide`.
        object: As for `decide`.

    Raises:
        Unauthenticated: Nobody is signed in.
        StepUp: A policy wants a factor first.
        Forbidden: The actor may not; this is recorded.
    """
    actor = current_actor()
    decision = await decide(actor, capability, object)
    if decision.allowed:
        return decision
    if actor.kind == "visitor":
        raise Unauthenticated(_("Sign in to do this."))
    if decision.outcome == "step_up":
        raise StepUp(" ".join(decision.reasons) or _("Confirm that it is you."))
    await refused(capability, object, decision)
    raise Forbidden(_("You may not do this."), hint=" ".join(decision.reasons), reasons=decision.reasons)
