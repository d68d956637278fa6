"""Terms: made, changed, moved and deleted. Trees keep their levels and paths, names may repeat, slugs not."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from core.accounts import extensions_of, record, require, save_extensions
from core.clock import now
from core.content.slugs import lock_tree
from core.content.sql import lock_row
from core.content.tables import Term, TermMeta
from core.content.term_places import default_category_id, fall_back, find_parent, move_terms_below, place_of
from core.content.types import known_taxonomy
from core.content.views import term_view
from core.contract.content import Taxonomy
from core.contract.views import TermView
from core.db import execute, is_unique_violation, next_number, savepoint, tally, tenant_work
from core.errors import Conflict, Invalid, NotFound, Refused
from core.hooks import after_commit, do_action
from core.http import check_text
from core.i18n import gettext as _
from core.text import slugify
from hookspecs import content as hooks

__all__ = [
    "TermData",
    "create_term",
    "delete_term",
    "ensure_terms",
    "get_term",
    "insert_term",
    "update_term",
]

_LIMITS: Final = {"name": 200, "description": 50_000}
_SLUG_LENGTH: Final = 200
_FIXED: Final = "post_format"


class TermData(msgspec.Struct, frozen=True, kw_only=True):
    """What is written to a term: set fields change, unset ones stay."""

    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    """Made from the name if empty."""
    description: str | UnsetType = UNSET
    parent_id: UUID | UnsetType | None = UNSET
    meta: Mapping[str, tuple[str, ...]] | UnsetType = UNSET
    ext: Mapping[str, Any] | UnsetType = UNSET


async def _row(term_id: UUID) -> dict[str, Any]:
    rows = await Term.select().where(Term.id == term_id)
    if not rows:
        raise NotFound(_("There is no such term here."))
    return rows[0]


async def get_term(term_id: UUID) -> TermView:
    """Return a term.

    Raises:
        NotFound: There is none of this id on the site.
    """
    return term_view(await _row(term_id))


def _check(found: Taxonomy, data: TermData, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values to write, checked as far as they can be alone."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    if found.name == _FIXED:
        errors["taxonomy"] = _("Formats are fixed: they take no terms.")
    for name, limit in _LIMITS.items():
        text = getattr(data, name)
        if text is UNSET:
            continue
        wrong = check_text(text, "name" if name == "name" else "text")
        if wrong is None and len(text) > limit:
            wrong = _("This is longer than {limit} characters.").format(limit=limit)
        if wrong is not None:
            errors[name] = wrong
        values[name] = text.strip()
    if (before is None or "name" in values) and not values.get("name"):
        errors.setdefault("name", _("A term needs a name."))
    if data.slug is not UNSET and data.slug:
        values["slug"] = slugify(data.slug, limit=_SLUG_LENGTH)
        if not values["slug"]:
            errors["slug"] = _(
                "Use lower-case letters a to z, digits and single hyphens, for example: my-page-2."
            )
    if data.parent_id is not UNSET:
        values["parent_id"] = data.parent_id
        if data.parent_id is not None and not found.hierarchical:
            errors["parent_id"] = _("Terms of this taxonomy have no parent.")
    if errors:
        raise Invalid(errors)
    return values


async def create_term(taxonomy: str, data: TermData) -> TermView:
    """Make a term.

    Args:
        taxonomy: A taxonomy of the site.
        data: Its name at least.

    Raises:
        Invalid: Everything that can't be used, by field.
        Conflict: There is a term of this slug, or of this name at this place.
        Forbidden: The actor may not: trees are for those who manage categories, flat terms for writers.
    """
    found = known_taxonomy(taxonomy)
    await require("manage_categories" if found.hierarchical else "edit_posts")
    values = _check(found, data, None)
    async with tenant_work():
        return await insert_term(found, values, meta=data.meta, ext=data.ext)


async def insert_term(
    found: Taxonomy,
    values: Mapping[str, Any],
    *,
    meta: Mapping[str, tuple[str, ...]] | UnsetType = UNSET,
    ext: Mapping[str, Any] | UnsetType = UNSET,
    by_hand: bool = True,
) -> TermView:
    """Insert a term inside the unit in progress, with its hooks and its record; no rights are asked here.

    Args:
        found: The taxonomy.
        values: Checked values by column.
        meta: Values by key.
        ext: Values for plugins.
        by_hand: Whether the same name at the same place is refused.
    """
    if found.hierarchical:
        await lock_tree(f"term.{found.name}")
    parent = await find_parent(found, None, values.get("parent_id"))
    slug = values.get("slug") or await _made_slug(found, values["name"], parent, by_hand=by_hand)
    row = Term(
        number=await next_number("terms"),
        taxonomy=found.name,
        created_at=now(),
        updated_at=now(),
        **{**values, "slug": slug, **place_of(parent, slug)},
    )
    try:
        async with savepoint():
            await Term.insert(row)
    except Exception as error:
        if is_unique_violation(error):
            raise _taken(slug) from error
        raise
    return await _finish(row.id, None, meta, ext)


def _taken(slug: str) -> Conflict:
    return Conflict(
        _("There is a term with the slug {slug} already.").format(slug=slug), hint=_("Choose another slug.")
    )


async def _made_slug(found: Taxonomy, name: str, parent: Mapping[str, Any] | None, *, by_hand: bool) -> str:
    """Return a free slug made from a name.

    Raises:
        Conflict: A term of this name is at this place already.
    """
    base = slugify(name, limit=_SLUG_LENGTH - 8) or found.name.replace("_", "-")
    rows = await execute(
        "SELECT slug, name, parent_id FROM terms WHERE tenant_id = {tenant} AND taxonomy = {}"
        " AND (slug = {} OR slug LIKE {})",
        found.name,
        base,
        f"{base}-%",
    )
    place = parent["id"] if parent is not None else None
    if by_hand and any(row["name"].lower() == name.lower() and row["parent_id"] == place for row in rows):
        raise Conflict(_("There is a term {name} here already.").format(name=name))
    taken = {row["slug"] for row in rows}
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


async def update_term(term_id: UUID, data: TermData, *, version: int | None = None) -> TermView:
    """Change a term; with another parent, everything below it moves along.

    Args:
        term_id: The term.
        data: Set fields change.
        version: The version that was edited; None to write whatever it is.

    Raises:
        NotFound: There is none of this id on the site.
        Invalid: Everything that can't be used, by field; a parent below the term itself, for one.
        Conflict: Somebody else changed it first, or the slug is taken.
        Forbidden: The actor may not.
    """
    seen = await _row(term_id)
    await require("edit_term", term_view(seen))
    found = known_taxonomy(seen["taxonomy"])
    values = _check(found, data, seen)
    async with tenant_work():
        if found.hierarchical:
            await lock_tree(f"term.{found.name}")
        await lock_row("terms", term_id)
        row = await _row(term_id)
        if version is not None and row["version"] != version:
            current = {name: row[name] for name in ("name", "slug", "description", "version")}
            raise Conflict(_("Somebody else changed this term first."), current=current, yours=values)
        parent = await find_parent(found, term_id, values.get("parent_id", row["parent_id"]))
        place = place_of(parent, values.get("slug", row["slug"]))
        try:
            async with savepoint():
                changes: dict[Any, Any] = {
                    **values,
                    **place,
                    "updated_at": now(),
                    "version": Term.version + 1,
                }
                await Term.update(changes).where(Term.id == term_id)
        except Exception as error:
            if is_unique_violation(error):
                raise _taken(values.get("slug", row["slug"])) from error
            raise
        if place["path"] != row["path"]:
            await move_terms_below(term_id, place)
        return await _finish(term_id, term_view(row), data.meta, data.ext)


async def _finish(
    term_id: UUID,
    before: TermView | None,
    meta: Mapping[str, tuple[str, ...]] | UnsetType,
    ext: Mapping[str, Any] | UnsetType,
) -> TermView:
    if meta is not UNSET:
        for key, values in meta.items():
            await TermMeta.delete().where(TermMeta.term_id == term_id, TermMeta.meta_key == key)
            if values:
                await TermMeta.insert(
                    *(TermMeta(term_id=term_id, meta_key=key, meta_value=value) for value in values)
                )
    if ext is not UNSET:
        await save_extensions("term", term_id, ext)
    term = term_view(await _row(term_id))
    if before is None:
        tally({f"terms.{term.taxonomy}": 1})
    await do_action(hooks.on_term_saving, term, before)
    await record(
        "term.create" if before is None else "term.update",
        resource_type="term",
        resource_id=term_id,
        before=_state(before),
        after=_state(term),
    )
    after_commit(hooks.on_term_saved, term, before)
    return term


def _state(term: TermView | None) -> dict[str, Any] | None:
    if term is None:
        return None
    return {"taxonomy": term.taxonomy, "name": term.name, "slug": term.slug, "level": term.level}


async def delete_term(term_id: UUID) -> None:
    """Delete a term. What is below it moves up one level; posts left without a category get the default one.

    Raises:
        NotFound: There is none of this id on the site.
        Refused: It is the default category.
        Forbidden: The actor may not.
    """
    seen = term_view(await _row(term_id))
    if seen.taxonomy == "category" and term_id == await default_category_id():
        raise Refused(
            _("This is the default category."),
            hint=_("Choose another default category in the settings first."),
        )
    await require("delete_term", seen)
    found = known_taxonomy(seen.taxonomy)
    async with tenant_work():
        if found.hierarchical:
            await lock_tree(f"term.{found.name}")
        term = term_view(await _row(term_id))
        for row in await Term.select(Term.id, Term.slug).where(Term.parent_id == term_id):
            parent = await find_parent(found, row["id"], term.parent_id)
            place = place_of(parent, row["slug"])
            changes: dict[Any, Any] = {**place, "parent_id": term.parent_id}
            await Term.update(changes).where(Term.id == row["id"])
            await move_terms_below(row["id"], place)
        if term.taxonomy == "category":
            await fall_back(term_id)
        for extension in extensions_of("term"):
            await extension.erase(term_id)
        await Term.delete().where(Term.id == term_id)
        tally({f"terms.{term.taxonomy}": -1})
        await record("term.delete", resource_type="term", resource_id=term_id, before=_state(term))
        after_commit(hooks.on_term_deleted, term)


async def ensure_terms(
    taxonomy: str, named: Iterable[tuple[str, str]], *, create: bool = True
) -> dict[str, TermView]:
    """Return terms by slug, made where they are missing. For tags that are typed in, and for imports.

    Args:
        taxonomy: A taxonomy of the site.
        named: Slug and name of each; a slug of "" is made from the name.
        create: False returns those that there are.

    Raises:
        Invalid: A name can't be used.
        Forbidden: The actor may not make terms here.
    """
    found = known_taxonomy(taxonomy)
    wanted: dict[str, str] = {}
    for slug, name in named:
        wanted.setdefault(slugify(slug or name, limit=_SLUG_LENGTH) or found.name.replace("_", "-"), name)
    known: dict[str, TermView] = {}
    if wanted:
        rows = await Term.select().where(Term.taxonomy == taxonomy, Term.slug.is_in(list(wanted)))
        known = {row["slug"]: term_view(row) for row in rows}
    missing = {slug: name for slug, name in wanted.items() if slug not in known}
    if missing and create:
        await require("manage_categories" if found.hierarchical else "edit_posts")
        async with tenant_work():
            for slug, name in missing.items():
                values = _check(found, TermData(name=name, slug=slug), None)
                known[slug] = await insert_term(found, values, by_hand=False)
    return known
