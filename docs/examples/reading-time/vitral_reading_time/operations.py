"""The verbs: what routes, screens and jobs call."""

from typing import Any

from core.accounts import bucket_name, current_signals, limit, record
from core.clock import now
from core.content import list_posts
from core.contract.content import ListingQuery
from core.contract.views import PostView
from core.db import execute, tenant_work
from core.ids import new_id


async def finish_reading(post: PostView) -> None:
    """Count that somebody read a post to the end.

    Raises:
        RateLimited: Too often from one network.
    """
    await limit(bucket_name("reading_time", str(current_signals().get("network", ""))), 60, 3600)
    async with tenant_work():
        await execute(
            "INSERT INTO reading_time_finished (id, tenant_id, post_id, day, times)"
            " VALUES ({}, {tenant}, {}, {}, 1)"
            " ON CONFLICT (tenant_id, post_id, day) DO UPDATE SET times = reading_time_finished.times + 1",
            new_id(),
            post.id,
            now().date(),
        )
        await record("reading_time.finish", resource_type="post", resource_id=post.id)


async def most_finished() -> dict[str, Any]:
    """Return the posts that were read to the end most often, for the dashboard."""
    rows = await execute(
        "SELECT post_id, sum(times) AS times FROM reading_time_finished"
        " WHERE tenant_id = {tenant} GROUP BY post_id ORDER BY times DESC, post_id LIMIT 5"
    )
    times = {row["post_id"]: int(row["times"]) for row in rows}
    if not times:
        return {"entries": []}
    listing = await list_posts(ListingQuery(ids=tuple(times), count=False), "widget", ext=False)
    entries = [{"post": post, "times": times[post.id]} for post in listing.items]
    return {"entries": sorted(entries, key=lambda entry: -entry["times"])}
