"""May this go out? Content checks, what they found, and the gate that publishing passes.

Checks read a post outside any transaction: they may take their time. What they found is kept by
post, digest of everything they can read, and version of the rules; the write that publishes only
looks whether the digest it wrote has been looked at and nothing in it blocks.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final
from uuid import UUID

import msgspec

from core.accounts import extensions_of, record, record_alone, require
from core.clock import now
from core.content.store import load_post
from core.content.tables import FindingOverride, PostFinding
from core.context import current_actor
from core.contract.content import ContentCheck, Finding
from core.contract.views import PostView
from core.db import execute, maybe_work, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused, VitralError
from core.hooks import collect
from core.http import check_text
from core.i18n import gettext as _
from core.ids import new_id
from hookspecs import content as hooks

__all__ = [
    "OVERRIDE",
    "Checked",
    "checks_of",
    "digest_of",
    "override_finding",
    "require_cleared",
    "run_checks",
    "through_gate",
]

log = logging.getLogger("vitral.content")

OVERRIDE: Final = "override_findings"
"""The right to answer for a finding that blocks; administrators hold it, and may give it to others."""
_KEEP: Final = 20
_TRIES: Final = 3
_REASON: Final = (10, 2000)


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks say about a post as it is."""

    digest: str
    rules: str
    """Version of all rules that apply, "" where no check looks at this type."""
    findings: tuple[Finding, ...]
    overridden: frozenset[str] = frozenset()
    """Rules that somebody answers for."""
    complete: bool = True
    """False if a check failed; its failure is among the findings and blocks."""

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that keep the post from going out."""
        return tuple(f for f in self.findings if f.severity == "block" and f.rule not in self.overridden)


class _NotChecked(Exception):
    """What was just written has not been looked at yet. Undoes the write; never leaves this module."""

    def __init__(self, post: PostView) -> None:
        super().__init__()
        self.post = post


def checks_of(post_type: str) -> tuple[ContentCheck, ...]:
    """Return the checks of the current site that look at posts of a type."""
    return tuple(c for c in collect(hooks.register_content_checks) if not c.types or post_type in c.types)


def _rules(checks: Iterable[ContentCheck]) -> str:
    names = sorted(f"{check.name}={check.version}" for check in checks)
    return hashlib.sha256("\n".join(names).encode()).hexdigest() if names else ""


def digest_of(post: PostView) -> str:
    """Return the digest of what a check goes by: text, author, image, terms, meta and what plugins keep.

    Address, status and dates are not in it: publishing itself changes them. Nor is what readers change
    by reading and answering.
    """
    around = {extension.key for extension in extensions_of("post") if not extension.of_content}
    read = [
        post.type,
        post.title,
        post.content,
        post.content_format,
        post.excerpt,
        post.author.id,
        post.template,
        post.format,
        (post.featured.id, post.featured.alt) if post.featured is not None else None,
        {name: sorted(term.slug for term in terms) for name, terms in post.terms.items()},
        post.meta,
        {key: value for key, value in post.ext.items() if key not in around},
    ]
    encoded = msgspec.json.encode(read, enc_hook=str, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()


async def run_checks(post_id: UUID, *, again: bool = False) -> Checked:
    """Run the content checks on a post as it is saved, or return what they said about it already.

    Args:
        post_id: The post.
        again: Run them even if they have been.

    Raises:
        NotFound: There is no such post here.
        Forbidden: The actor may not edit it.
        VitralError: Called inside a unit of work.
    """
    post = await load_post(post_id)
    await require("edit_post", post)
    return await _look(post, again=again)


async def _look(post: PostView, *, again: bool = False) -> Checked:
    """Return what the checks say about a post, which may hold what is not saved yet. Outside any unit."""
    if maybe_work() is not None:
        raise VitralError(
            "Content checks were asked for inside a unit of work.",
            hint="Publish in a unit of its own, or call `run_checks` before the unit opens.",
        )
    checks = checks_of(post.type)
    digest, rules = digest_of(post), _rules(checks)
    if not checks:
        return Checked(digest=digest, rules="", findings=())
    found = None if again else await _stored(post.id, digest, rules)
    if found is not None and found.complete:
        return found
    findings: list[Finding] = []
    complete = True
    for check in checks:
        try:
            findings.extend(await check.check(post))
        except Exception:
            log.exception("The content check %s failed on the post %s, so it blocks.", check.name, post.id)
            complete = False
            findings.append(_failure(check))
    await _store(post.id, digest, rules, findings, complete)
    return Checked(
        digest=digest,
        rules=rules,
        findings=tuple(findings),
        overridden=await _overridden(post.id, digest),
        complete=complete,
    )


def _failure(check: ContentCheck) -> Finding:
    return Finding(
        rule=f"{check.name}.failed",
        severity="block",
        message=_("The check {name} could not be made.").format(name=check.name),
        fix=_("Try again in a moment; if it stays like this, tell whoever runs the site."),
    )


async def _stored(post_id: UUID, digest: str, rules: str) -> Checked | None:
    rows = await PostFinding.select(PostFinding.findings, PostFinding.complete).where(
        PostFinding.post_id == post_id, PostFinding.digest == digest, PostFinding.rules == rules
    )
    if not rows:
        return None
    return Checked(
        digest=digest,
        rules=rules,
        findings=tuple(msgspec.json.decode(rows[0]["findings"], type=list[Finding])),
        overridden=await _overridden(post_id, digest),
        complete=rows[0]["complete"],
    )


async def _overridden(post_id: UUID, digest: str) -> frozenset[str]:
    rows = await FindingOverride.select(FindingOverride.rule).where(
        FindingOverride.post_id == post_id, FindingOverride.digest == digest
    )
    return frozenset(row["rule"] for row in rows)


async def _store(post_id: UUID, digest: str, rules: str, findings: list[Finding], complete: bool) -> None:
    kept = msgspec.json.encode(findings).decode()
    async with tenant_work():
        await execute(
            "INSERT INTO post_findings (id, tenant_id, post_id, digest, rules, findings, complete, created_at)"
            " VALUES ({}, {tenant}, {}, {}, {}, {}, {}, {}) ON CONFLICT (tenant_id, post_id, digest, rules)"
            " DO UPDATE SET findings = excluded.findings, complete = excluded.complete, created_at = excluded.created_at",
            new_id(),
            post_id,
            digest,
            rules,
            kept,
            complete,
            now(),
        )
        await execute(
            "DELETE FROM post_findings WHERE tenant_id = {tenant} AND post_id = {} AND id NOT IN ("
            " SELECT id FROM post_findings WHERE tenant_id = {tenant} AND post_id = {} ORDER BY id DESC LIMIT {})",
            post_id,
            post_id,
            _KEEP,
        )


async def require_cleared(post: PostView) -> None:
    """Let a post that was just written go out, inside the unit in progress.

    Only `through_gate` may be around it: it knows what to do where the post has not been looked at.

    Raises:
        Refused: A finding blocks; `findings` holds all that do.
    """
    checks = checks_of(post.type)
    if not checks:
        return
    found = await _stored(post.id, digest_of(post), _rules(checks))
    if found is None or (found.blocking and not found.complete):  # a failed check may do better now
        raise _NotChecked(post)
    _refuse(found)


def _refuse(found: Checked) -> None:
    if found.blocking:
        raise Refused(
            _("This can't go out yet: {messages}").format(
                messages=" ".join(finding.message for finding in found.blocking)
            ),
            hint=" ".join(finding.fix for finding in found.blocking if finding.fix),
            findings=found.blocking,
        )


async def through_gate(post_id: UUID, write: Callable[[], Awaitable[PostView]]) -> PostView:
    """Run `write` in a unit of work; where it writes what has not been looked at, look first and write again.

    Args:
        post_id: The post that is written.
        write: Writes, and calls `require_cleared` with what it wrote if that may go out. It may be
            called more than once; what it wrote before was undone.

    Raises:
        Refused: A finding blocks; that is recorded.
        Conflict: The post changed again and again meanwhile.
    """
    try:
        for _attempt in range(_TRIES):
            try:
                async with tenant_work():
                    return await write()
            except _NotChecked as unseen:
                _refuse(await _look(unseen.post))
    except Refused as error:
        if error.findings:
            rules = [finding.rule for finding in error.findings]
            await record_alone(
                "post.go_out",
                resource_type="post",
                resource_id=post_id,
                detail={"rules": rules},
                outcome="refused",
            )
        raise
    raise Conflict(_("This post was changed while it was checked."), hint=_("Try again."))


async def override_finding(post_id: UUID, rule: str, reason: str) -> Checked:
    """Answer for a finding that blocks, for the post exactly as it is. It is recorded, with the reason.

    Args:
        post_id: The post.
        rule: The finding's rule.
        reason: Why it may go out all the same, in 10 to 2,000 characters.

    Raises:
        NotFound: There is no such post here, or nothing of this rule blocks it.
        Forbidden: The actor may not, or is nobody who could answer for it.
        Invalid: There is no reason; under "reason".
    """
    post = await load_post(post_id)
    await require("edit_post", post)
    await require(OVERRIDE)
    user_id = current_actor().id
    if user_id is None:
        raise Forbidden(_("Only a person can answer for a finding."))
    reason = reason.strip()
    wrong = check_text(reason, "text")
    if wrong is None and not _REASON[0] <= len(reason) <= _REASON[1]:
        wrong = _("Say why, in {least} to {most} characters.").format(least=_REASON[0], most=_REASON[1])
    if wrong is not None:
        raise Invalid({"reason": wrong})
    found = await _look(post)
    if rule not in {finding.rule for finding in found.blocking}:
        raise NotFound(_("Nothing of the rule {rule} blocks this post.").format(rule=rule))
    async with tenant_work():
        await execute(
            "INSERT INTO finding_overrides (id, tenant_id, post_id, rule, digest, reason, user_id, created_at)"
            " VALUES ({}, {tenant}, {}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING",
            new_id(),
            post_id,
            rule,
            found.digest,
            reason,
            user_id,
            now(),
        )
        detail: dict[str, Any] = {"rule": rule, "reason": reason, "digest": found.digest}
        await record("post.override_finding", resource_type="post", resource_id=post_id, detail=detail)
    return msgspec.structs.replace(found, overridden=found.overridden | {rule})
