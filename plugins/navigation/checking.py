"""From the form of a menu to its entries, with everything that has to be corrected."""

from collections.abc import Collection, Sequence
from typing import Any, Final, cast, get_args
from uuid import UUID

from core.http import check_text
from core.i18n import gettext as _
from plugins.navigation.addresses import checked_classes, checked_url
from plugins.navigation.builder import Draft, Row
from plugins.navigation.targets import Ref, ref_of
from plugins.navigation.views import Audience, Item

__all__ = ["check_draft", "items_for_titles"]

_TEXTS: Final = (("label", 255), ("hint", 255), ("description", 500))


def check_draft(draft: Draft, known: Sequence[Item], roles: Collection[str]) -> list[Item]:
    """Return the entries of a form; `draft.errors` holds what has to be corrected.

    Args:
        draft: The form.
        known: The entries as they are saved: what they lead to may be of a plugin that is off now.
        roles: Names of the site's roles.
    """
    saved = {item.id: item for item in known}
    return [_checked(row, draft.errors, saved, roles) for row in draft.rows]


def _checked(row: Row, errors: dict[str, str], saved: dict[UUID, Item], roles: Collection[str]) -> Item:
    key = UUID(row.key)

    def wrong(field: str, text: str) -> None:
        errors[f"{row.key}.{field}"] = text

    values: dict[str, Any] = {}
    for name, most in _TEXTS:
        value = " ".join(getattr(row, name).split())
        complaint = check_text(value) or (
            _("Use at most {most} characters.").format(most=most) if len(value) > most else None
        )
        if complaint:
            wrong(name, complaint)
        values[name] = value
    values["css"], complaint = checked_classes(row.css)
    if complaint:
        wrong("css", complaint)
    ref = _ref(row, saved.get(key))
    if ref is None:
        wrong("label", _("What this leads to can't be put into a menu. Remove it."))
        ref = Ref("heading")
    if ref.kind == "custom":
        values["url"], complaint = checked_url(row.url)
        if complaint:
            wrong("url", complaint)
    if ref.kind in ("custom", "heading") and not values["label"]:
        wrong("label", _("Give it a label."))
    audience = row.audience if row.audience in get_args(Audience) else "all"
    chosen = tuple(name for name in dict.fromkeys(row.roles) if name in roles) if audience == "roles" else ()
    if audience == "roles" and not chosen:
        wrong("audience", _("Choose at least one role."))
    return Item(
        id=key,
        level=row.level,
        kind=cast("Any", ref.kind),
        target_id=ref.target_id,
        target=ref.target,
        new_tab=row.new_tab and ref.kind != "heading",
        audience=cast("Audience", audience),
        roles=chosen,
        **values,
    )


def _ref(row: Row, saved: Item | None) -> Ref | None:
    """Return what an entry leads to; what it led to before stays, even where nobody could choose it now."""
    if saved is not None:
        own = Ref(saved.kind, saved.target_id, saved.target)
        if saved.kind in ("post", "term"):
            bare = Ref(saved.kind, saved.target_id)
            return own if row.ref == str(bare) else ref_of(row.ref)
        return own if row.ref == str(own) else ref_of(row.ref)
    return ref_of(row.ref)


def items_for_titles(draft: Draft) -> list[Item]:
    """Return the entries of a form as far as their titles take them, whatever else is wrong."""
    found = []
    for row in draft.rows:
        ref = ref_of(row.ref) or Ref(
            "archive" if row.ref.startswith("archive:") else "heading", None, row.ref[8:68]
        )
        found.append(
            Item(id=UUID(row.key), level=row.level, kind=cast("Any", ref.kind), target_id=ref.target_id,
                 target=ref.target, url=row.url)
        )  # fmt: skip
    return found
