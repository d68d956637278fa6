"""Authors of an export: mapped to people of the site, made where there is nobody of that name or address."""

import re
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


def _username(login: str) -> str:
    """Return the name that somebody gets here: ours are lower case and have no spaces."""
    return _NAME.sub("-", login.lower()).strip("-._")[:60] or _NOBODY


class People:
    """Who wrote what, by the log-in names of the source site."""

    def __init__(self, ledger: Ledger, report: ImportReport) -> None:
        self._ledger = ledger
        self._report = report
        self._ids: dict[str, UUID] = {}

    async def add(self, author: Author) -> None:
        """Map an author of the file to somebody here, or make somebody without a password."""
        if author.login in self._ids:
            return
        known = self._ledger.object_of("author", author.login)
        if known is None:
            found = await find_user(author.email) if author.email else None
            found = found or await find_user(_username(author.login))
            known = found.id if found else None
            if known is None:
                known = await self._make(author)
                self._report.count("author")
            else:
                async with tenant_work():
                    await self._ledger.write("author", author.login, "done", known)
        self._ids[author.login] = known

    async def _make(self, author: Author) -> UUID:
        username = _username(author.login)
        async with tenant_work():
            try:
                made = await create_user(self._new(author, author.email, username))
            except Invalid:  # an address that no server would take; the person can be given another one later
                made = await create_user(self._new(author, f"{username}@imported.example.org", username))
            slug = slugify(author.login, limit=60)
            if slug and slug != made.slug:  # the address of the archive on the source site
                made = await update_user(made.id, UserChanges(slug=slug), version=made.version)
            await self._ledger.write("author", author.login, "done", made.id)
        return made.id

    @staticmethod
    def _new(author: Author, email: str, username: str) -> NewUser:
        return NewUser(
            email=email or f"{username}@imported.example.org",
            username=username,
            display_name=author.display_name or author.login,
            first_name=author.first_name,
            last_name=author.last_name,
            roles=("author",),
        )

    async def of(self, login: str) -> UUID:
        """Return who wrote as `login`; somebody is made if the file does not list the name.

        Raises:
            NotFound: The name is empty and the site has nobody who could stand for it.
        """
        if login not in self._ids:
            if not login:
                return await self._anybody()
            await self.add(Author(login=login))
        return self._ids[login]

    async def _anybody(self) -> UUID:
        if self._ids:
            return next(iter(self._ids.values()))
        found = await list_users(UserQuery(role="administrator", per_page=1))
        if not found.items:
            raise NotFound(_("The item has no author, and the site has nobody yet."))
        return found.items[0].id
