"""Named values of people, several per name, as WordPress has them. A leading underscore makes a name private."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from core.accounts.decide import require
from core.accounts.events import record
from core.accounts.rights import check_not_above
from core.accounts.store import account_by_id
from core.accounts.tables import UserMeta
from core.contract.accounts import MetaKey
from core.db import tenant_work
from core.errors import Invalid
from core.i18n import gettext as _

__all__ = ["set_user_meta", "user_meta"]

_LONGEST_KEY = 255


async def user_meta(ids: Iterable[UUID], *, private: bool = False) -> dict[UUID, dict[str, tuple[str, ...]]]:
    """Return values by person and name: one query, however many people.

    Args:
        ids: Whose.
        private: Return private names too.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[UUID, dict[str, tuple[str, ...]]] = {user_id: {} for user_id in wanted}
    if not wanted:
        return found
    for row in await UserMeta.select().where(UserMeta.user_id.is_in(wanted)).order_by(UserMeta.id):
        key = row["meta_key"]
        if private or not key.startswith("_"):
            values = found[row["user_id"]]
            values[key] = (*values.get(key, ()), row["meta_value"])
    return found


async def set_user_meta(user_id: UUID, values: Mapping[str, Sequence[str]]) -> None:
    """Replace the values of the names given; a name with no values is removed.

    Raises:
        NotFound: There is nobody of this id on the site.
        Forbidden: The actor may not edit this person, or a name is private.
        Invalid: A name is empty or too long.
    """
    account = await account_by_id(user_id)
    check_not_above(account)
    errors = {}
    for key in values:
        if not 0 < len(key) <= _LONGEST_KEY:
            errors[f"meta.{key[:60]}"] = _("Use 1 to 255 characters.")
        await require("edit_user_meta", MetaKey(object=account.view, key=key))
    if errors:
        raise Invalid(errors)
    async with tenant_work():
        await UserMeta.delete().where(UserMeta.user_id == account.id, UserMeta.meta_key.is_in(list(values)))
        rows = [
            UserMeta(user_id=account.id, meta_key=key, meta_value=value)
            for key, several in values.items()
            for value in several
        ]
        if rows:
            await UserMeta.insert(*rows)
        detail = {"changed": [f"meta.{key}" for key in sorted(values)]}
        await record("user.update", resource_type="user", resource_id=account.id, detail=detail)
