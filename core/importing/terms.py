"""Categories, tags and other terms, made before the posts that carry them."""

from urllib.parse import unquote
from uuid import UUID

from core.content import TermData, create_term, ensure_terms, taxonomy, term_by_slug
from core.db import tenant_work
from core.errors import VitralError
from core.importing.ledger import Ledger, OtherImport
from core.importing.others import Others
from core.importing.report import ImportReport
from core.importing.wxr import Term
from core.text import plain_text, slugify

__all__ = ["Terms"]

_LENGTH = 200


class Terms:
    """The terms of an export. Names repeat in real files; a slug in its taxonomy is what tells them apart."""

    def __init__(self, ledger: Ledger, report: ImportReport, others: Others) -> None:
        self._ledger = ledger
        self._report = report
        self._others = others
        self._noted: dict[tuple[str, str], Term] = {}
        self._ids: dict[tuple[str, str], UUID] = {}

    def note(self, term: Term) -> None:
        """Remember a term of the file."""
        self._noted.setdefault((term.taxonomy, term.slug), term)

    async def make(self) -> None:
        """Make what is not here yet, parents before children."""
        for key in list(self._noted):
            await self._made(key, frozenset())

    async def _made(self, key: tuple[str, str], above: frozenset[tuple[str, str]]) -> UUID | None:
        if key in self._ids:
            return self._ids[key]
        term = self._noted.get(key)
        if term is None or key in above:  # a parent that the file does not hold, or a circle
            return None
        kind, identity = f"term:{term.taxonomy}", term.slug
        found = taxonomy(term.taxonomy)
        if found is None:
            raw = {
                "name": term.name,
                "slug": identity,
                "parent": term.parent,
                "description": term.description,
            }
            await self._others.term(kind, identity, raw)
            return None
        known = self._ledger.object_of(kind, identity)
        if known is None:
            parent = await self._made((term.taxonomy, term.parent), above | {key}) if term.parent else None
            try:
                known = await self._make(term, parent if found.hierarchical else None)
            except OtherImport:
                raise
            except VitralError as error:
                if error.status >= 500:
                    raise
                del self._noted[key]
                self._report.skip(f"{term.taxonomy} {term.slug or term.name!r}", str(error))
                return None
        async with tenant_work():
            await self._ledger.number(kind, term.number, known)
        self._ids[key] = known
        return known

    async def _make(self, term: Term, parent: UUID | None) -> UUID:
        slug = slugify(unquote(term.slug), limit=_LENGTH) or slugify(term.name, limit=_LENGTH)
        async with tenant_work():
            existing = await term_by_slug(term.taxonomy, slug)
            if existing is None:
                data = TermData(
                    name=plain_text(term.name)[:_LENGTH] or slug,
                    slug=slug,
                    description=plain_text(term.description),
                    parent_id=parent,
                )
                existing = await create_term(term.taxonomy, data)
                self._report.count(f"term:{term.taxonomy}")
            await self._ledger.write(f"term:{term.taxonomy}", term.slug, "done", existing.id)
        return existing.id

    async def of(self, carried: tuple[tuple[str, str, str], ...]) -> dict[str, tuple[UUID, ...]]:
        """Return the ids of the terms that an item carries, by taxonomy; those the file never declared are made."""
        ids: dict[str, list[UUID]] = {}
        for name, slug, title in carried:
            found = taxonomy(name)
            if found is None or not found.public:
                continue
            known = self._ids.get((name, slug))
            if known is None:
                made = await ensure_terms(name, [(unquote(slug), plain_text(title) or unquote(slug))])
                known = next(iter(made.values())).id
                self._ids[name, slug] = known
            ids.setdefault(name, []).append(known)
        return {name: tuple(dict.fromkeys(values)) for name, values in ids.items()}
