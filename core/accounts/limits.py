"""How often: counters in the database, so that all workers share them and none can be raced.

Two kinds. `limit` counts hits in a window and refuses beyond a number. `attempt` counts failures in a
row and makes each next one wait longer, until it is cleared by a success.
"""

import hashlib
from datetime import timedelta
from typing import Final

from core.clock import now
from core.db import execute, maybe_work, tenant_work
from core.errors import RateLimited, VitralError
from core.i18n import gettext as _

__all__ = ["MOST_FAILURES", "attempt", "bucket_name", "clear", "delay_after", "limit"]

MOST_FAILURES: Final = 100
"""Failures in a row after which a bucket stays shut until it is cleared (control RL02, NIST SP 800-63B)."""
_FREE: Final = 5
_LONGEST: Final = 900
_KEEP: Final = timedelta(days=2)


def bucket_name(kind: str, *parts: str) -> str:
    """Return a bucket's name. The parts are hashed, so that no address or name is kept in clear.

    Args:
        kind: What is counted, such as "login:account".
        parts: What it is counted by.
    """
    if not parts:
        return kind
    digest = hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}:{digest[:40]}"


def _alone() -> None:
    if maybe_work() is not None:
        raise VitralError(
            "A limit was asked inside a unit of work.",
            hint="Ask before it opens: a unit that is rolled back would forget the hit.",
        )


async def limit(bucket: str, hits: int, seconds: int) -> None:
    """Count a hit on the current site, and refuse it if there were `hits` in these `seconds` already.

    Counting and asking are one statement, so that of any number of simultaneous calls exactly `hits`
    pass. Every hit counts, refused ones too, within a window that begins with its first hit.

    Args:
        bucket: What is counted, by whom; see `bucket_name`. At most 200 characters.
        hits: How many pass.
        seconds: Length of the window.

    Raises:
        RateLimited: Too many; says how long to wait.
    """
    _alone()
    at = now()
    async with tenant_work():
        rows = await execute(
            "INSERT INTO rate_limits (tenant_id, bucket, hits, window_start) VALUES ({tenant}, {}, 1, {})"
            " ON CONFLICT (tenant_id, bucket) DO UPDATE SET"
            " hits = CASE WHEN rate_limits.window_start <= {} THEN 1 ELSE rate_limits.hits + 1 END,"
            " window_start = CASE WHEN rate_limits.window_start <= {}"
            " THEN excluded.window_start ELSE rate_limits.window_start END"
            " RETURNING hits",
            bucket,
            at,
            at - timedelta(seconds=seconds),
            at - timedelta(seconds=seconds),
        )
    if rows[0]["hits"] > hits:
        raise RateLimited(_("Too many tries. Wait a while and try again."), retry_after=seconds)


def delay_after(failures: int) -> int:
    """Return how many seconds the next try has to wait after `failures` in a row: 0, then 1, 2, 4 ... 900."""
    return 0 if failures < _FREE else min(2 ** (failures - _FREE), _LONGEST)


async def attempt(bucket: str) -> bool:
    """Take a turn before trying a secret; it counts as a failure until `clear` is called.

    Counting first means that simultaneous guesses can't share one turn.

    Returns:
        False if it is not this bucket's turn: the last failure is too fresh, or there were too many.
    """
    _alone()
    at = now()
    async with tenant_work():
        rows = await execute(
            "INSERT INTO rate_limits (tenant_id, bucket, hits, window_start) VALUES ({tenant}, {}, 1, {})"
            " ON CONFLICT (tenant_id, bucket) DO UPDATE SET hits = rate_limits.hits + 1, window_start = excluded.window_start"
            " WHERE rate_limits.hits < {} AND (rate_limits.blocked_until IS NULL OR rate_limits.blocked_until <= {})"
            " RETURNING hits",
            bucket,
            at,
            MOST_FAILURES,
            at,
        )
        if not rows:
            return False
        wait = delay_after(rows[0]["hits"])
        if wait:
            await execute(
                "UPDATE rate_limits SET blocked_until = {} WHERE tenant_id = {tenant} AND bucket = {}",
                at + timedelta(seconds=wait),
                bucket,
            )
    return True


async def clear(bucket: str) -> int:
    """Forget a bucket, inside the unit in progress; return how many failures it had."""
    rows = await execute(
        "DELETE FROM rate_limits WHERE tenant_id = {tenant} AND bucket = {} RETURNING hits", bucket
    )
    return int(rows[0]["hits"]) if rows else 0


async def forget_old() -> None:
    """Remove counters that no longer count, inside the unit in progress. Shut buckets stay shut."""
    await execute(
        "DELETE FROM rate_limits WHERE tenant_id = {tenant} AND window_start < {} AND hits < {}",
        now() - _KEEP,
        MOST_FAILURES,
    )
