"""Posts that ask for a password. It is sealed like those of people, and no view shows it."""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from core.accounts import bucket_name, current_visit, limit
from core.clock import now
from core.content.store import first_post, no_such_post
from core.content.tables import Post
from core.context import current_tenant
from core.contract.views import PostView
from core.crypto import hash_password, sign, unsign, verify_password

__all__ = ["PASSWORD_COOKIE_DAYS", "check_post_password", "seal_post_password", "unlock_post"]

PASSWORD_COOKIE_DAYS: Final = 10
"""How long a reader need not type a password again; WordPress's default."""
_PURPOSE: Final = "post-password"
_TRIES: Final = (20, 600)


async def seal_post_password(post_id: UUID, password: str) -> bytes:
    """Return what is stored of a post's password. Takes as long as for a person: call it outside the unit."""
    return await hash_password(
        password, tenant=current_tenant().id, user=post_id, table="posts", column="password_sealed"
    )


def _payload(post_id: UUID, sealed: bytes) -> bytes:
    # bound to the stored value: with another password, old cookies open nothing
    return post_id.bytes + hashlib.sha256(sealed).digest()[:16]


async def check_post_password(post_id: UUID, password: str) -> str | None:
    """Return the value of a cookie that opens the post, None if the password is wrong.

    Args:
        post_id: The post.
        password: What a reader typed.

    Raises:
        RateLimited: Too many tries from this network.
        Unavailable: Too many passwords are being checked.
    """
    visit = current_visit()
    if visit is not None and visit.network:
        await limit(bucket_name("post-password", visit.network, str(post_id)), *_TRIES)
    sealed = await _sealed(post_id)
    verified = await verify_password(
        sealed,
        password,
        tenant=current_tenant().id,
        user=post_id,
        table="posts",
        column="password_sealed",
    )
    if sealed is None or not verified.ok:
        return None
    expires = now() + timedelta(days=PASSWORD_COOKIE_DAYS)
    return sign(_payload(post_id, sealed), _PURPOSE, expires, tenant=current_tenant().id)


async def _sealed(post_id: UUID) -> bytes | None:
    rows = await Post.select(Post.password_sealed).where(Post.id == post_id)
    return bytes(rows[0]["password_sealed"]) if rows and rows[0]["password_sealed"] is not None else None


async def unlock_post(post: PostView, cookie: str | None) -> PostView:
    """Return a locked post opened, if the cookie is from its password; else as it is.

    Args:
        post: A post as it was found, after the actor's right to read it was asked for.
        cookie: What `check_post_password` returned, or whatever a browser sent.
    """
    if post.unlocked or not cookie:
        return post
    payload = unsign(cookie, _PURPOSE, tenant=current_tenant().id)
    sealed = await _sealed(post.id)
    if payload is None or sealed is None or payload != _payload(post.id, sealed):
        return post
    opened = await first_post("posts.id = {}", post.id)
    if opened is None:
        raise no_such_post()
    return opened
