"""Authors of an export: mapped to people of the site, made where there is nobody of that name or address."""

import re
from contextlib import suppress
from uuid import UUID

from core.accounts import NewUser, UserChanges, UserQuery, create_user, find_user, list_users, update_user
from core.db import tenant_work
from core.errors import Invalid, NotFound
from core.i18n import gettext as _
from core.importing.ledger import Ledger
from core.importing.report import ImportReport
from core.importing.wxr import Author
from core.text import slugify

__all__ = ["People"]

_NAME = re.compile(r"[^a-z0-9._-]+")
_NOBODY = "importado"
_LONGEST, _LONGEST_PART = 250, 100
"""How long names may be: shown ones, and first and last names."""


def _username(login: str) -> str:
    """Return the name that somebody gets here: ours are lower case and have no spaces."""
    plain = login if login.isascii() else slugify(login)
    return _NAME.sub("-", plain.lower()).strip("-._")[:50].strip("-._") or _NOBODY


class People:
    """Who wrote what, by the log-in names of the source site."""

    def __init__(self, ledger: Ledger, report: ImportReport) -> None:
        self._ledger = ledger
        self._report = report
        self._ids: dict[str, UUID] = {}

    async def add(self, author: Author) -> None:
        """Map an author of the file to somebody here, or make somebody without a password."""
        key = author.login.casefold()
        if key in self._ids:
            return
        known = self._ledger.object_of("author", author.login)
        if known is None:
            known, username = await self._find(author)
            if known is None:
                known = await self._make(author, username)
                self._report.count("author")
            else:
                async with tenant_work():
                    await self._ledger.write("author", author.login, "done", known)
        self._ids[key] = known

    async def _find(self, author: Author) -> tuple[UUID | None, str]:
        """Return who an author is here, and a user name to make him with if he is nobody yet.

        Log-in names that differ there may be one name here: who has it already by another is not him.
        """
        if author.email and (found := await find_user(author.email)):
            return found.id, ""
        base = name = _username(author.login)
        number = 2
        while found := await find_user(name):
            if found.id not in self._ledger.objects("author"):
                return found.id, ""
            name = f"{base}-{number}"
            number += 1
        return None, name

    async def _make(self, author: Author, username: str) -> UUID:
        spare = f"{username}@imported.example.org"
        async with tenant_work():
            try:
                made = await create_user(self._new(author, author.email or spare, username))
            except Invalid:  # an address that no server would take; the person can be given another one later
                try:
                    made = await create_user(self._new(author, spare, username))
                except Invalid:  # or names that can't be shown
                    made = await create_user(self._new(Author(login=username), spare, username))
            slug = slugify(author.login, limit=60)
            if slug and slug != made.slug:  # the address of the archive on the source site
                with suppress(Invalid):  # somebody here may have it
                    made = await update_user(made.id, UserChanges(slug=slug), version=made.version)
            await self._ledger.write("author", author.login, "done", made.id)
        return made.id

    @staticmethod
    def _new(author: Author, email: str, username: str) -> NewUser:
        return NewUser(
            email=email,
            username=username,
            display_name=(author.display_name or author.login)[:_LONGEST],
            first_name=author.first_name[:_LONGEST_PART],
            last_name=author.last_name[:_LONGEST_PART],
            roles=("author",),
        )

    async def of(self, login: str) -> UUID:
        """Return who wrote as `login`; somebody is made if the file does not list the name.

        Raises:
            NotFound: The name is empty and the site has nobody who could stand for it.
        """
        login = login.strip()
        if login.casefold() not in self._ids:
            if not login:
                return await self._anybody()
            await self.add(Author(login=login))
        return self._ids[login.casefold()]

    async def _anybody(self) -> UUID:
        if self._ids:
            return next(iter(self._ids.values()))
        found = await list_users(UserQuery(role="administrator", per_page=1))
        if not found.items:
            raise NotFound(_("The item has no author, and the site has nobody yet."))
        return found.items[0].id
