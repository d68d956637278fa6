"""Passwords of a site's people, on top of the crypto room."""

from collections.abc import Iterable
from uuid import UUID

from core.context import current_tenant
from core.crypto import Verified, check_password_policy, hash_password, verify_password
from core.tenancy import site_settings

__all__ = ["check_new_password", "check_password", "seal_password"]

_PRODUCT = "vitral"


def check_new_password(password: str, words: Iterable[str]) -> dict[str, str]:
    """Return what is wrong with a new password, by field; nothing if it may be used.

    Args:
        password: As typed.
        words: What is known of the person: address, user name, shown name.
    """
    tenant = current_tenant()
    context = (*words, _PRODUCT, tenant.slug, tenant.title, site_settings().title, *tenant.hosts)
    problems = check_password_policy(password, context_words=context)
    return {"password": " ".join(problem.message for problem in problems)} if problems else {}


async def seal_password(user_id: UUID, password: str) -> bytes:
    """Return what is stored of somebody's password. Takes about 100 ms: call it outside units of work."""
    return await hash_password(password, tenant=current_tenant().id, user=user_id)


async def check_password(sealed: bytes | None, password: str, user_id: UUID) -> Verified:
    """Tell whether a password is what was sealed for somebody; None is never right, at the same cost."""
    return await verify_password(sealed, password, tenant=current_tenant().id, user=user_id)
