"""What stands around a post: those published right before and after it, and the pages above it."""

from core.content.listing import one_of
from core.content.render import present
from core.content.views import Bring, build_views, select_posts
from core.contract.views import PostView
from core.db import execute

__all__ = ["neighbours", "post_ancestors"]


async def neighbours(post: PostView) -> tuple[PostView | None, PostView | None]:
    """Return the published posts of the same type right after and right before a post, without their content."""
    if post.published_at is None:
        return None, None
    nearest = (
        "posts.id = (SELECT p.id FROM posts p WHERE p.tenant_id = {{tenant}} AND p.post_type = {{}}"
        " AND p.status = 'publish' AND p.deleted_at IS NULL AND (p.published_at, p.id) {sign} ({{}}, {{}})"
        " ORDER BY p.published_at {way}, p.id {way} LIMIT 1)"
    )
    where = f"({nearest.format(sign='>', way='ASC')} OR {nearest.format(sign='<', way='DESC')})"
    rows = await select_posts(
        where, [post.type, post.published_at, post.id] * 2, bring=Bring(content=False, parts=False)
    )
    views = await present(await build_views(rows, parts=False))
    newer = next((v for v in views if (v.published_at, v.id) > (post.published_at, post.id)), None)
    older = next((v for v in views if v is not newer), None)
    return newer, older


async def post_ancestors(post: PostView) -> tuple[PostView, ...]:
    """Return the published posts above a post of a hierarchical type, the highest first: one query and its views."""
    rows = await execute("SELECT path FROM posts WHERE tenant_id = {tenant} AND id = {}", post.id)
    steps = rows[0]["path"].split("/")[:-1] if rows else []
    if not steps:
        return ()
    paths = ["/".join(steps[: index + 1]) for index in range(len(steps))]
    found = await select_posts(
        f"posts.post_type = {{}} AND posts.status = 'publish' AND {one_of('posts.path', len(paths))}",
        [post.type, *paths],
        bring=Bring(content=False, parts=False),
        tail="ORDER BY length(posts.path)",
    )
    return await present(await build_views(found, parts=False))
