"""Jobs, mail, notices, imports, personal data, the cipher and media levels: what plugins register there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec

__all__ = [
    "AccessLevel",
    "Cipher",
    "ImportHandler",
    "ImportedItem",
    "JobContext",
    "JobKind",
    "MailMessage",
    "Notification",
    "PersonalDataProvider",
    "SealScope",
]


def _forward(interval: timedelta) -> str:
    return "" if interval > timedelta(0) else f"{interval} is no time at all; leave it out for one run"


class JobContext(Protocol):
    """What a running job can do besides its work."""

    job_id: UUID
    attempt: int
    payload: Mapping[str, Any]

    async def progress(self, **values: Any) -> None:
        """Store how far the job is and extend its lease. A resumed run finds it in `payload["progress"]`."""
        ...


class JobKind(msgspec.Struct, frozen=True, kw_only=True):
    """Work for later. It may run more than once (a worker can die after the work), so it must be repeatable."""

    name: str
    """Dotted, begins with the owner's name."""
    title: str = ""
    """What it does, in a few words: an English message id for the screen of jobs; "" shows the name."""
    run: Callable[[JobContext], Awaitable[None]]
    every: Annotated[timedelta, msgspec.Meta(extra={"check": _forward})] | None = None
    """Runs for each site at this interval; None for jobs that are only enqueued."""
    lease: timedelta = timedelta(minutes=5)
    max_attempts: int = 8
    platform: bool = False
    """Runs once for the installation, without a site."""


class MailMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message before it goes to the outbox."""

    to: str
    subject: str
    text: str
    html: str = ""
    template: str = ""


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """A notice for a person, in the admin and by mail if they are to get it there too."""

    user_id: UUID
    kind: str
    title: str
    body: str = ""
    url: str = ""
    mail: bool = False


class ImportedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One item of an import file, in the source's words."""

    source: str
    """The site it comes from, so that ids of two sources can't meet."""
    kind: str
    """"comment", "nav_menu_item", the source's post type, or "term:" and a taxonomy that is not the core's."""
    identity: str
    """What makes it the same item in a second run."""
    raw: Mapping[str, Any]
    """JSON values as the file had them; PHP-serialised meta is decoded. `core.importing.imported_ids` knows
    what the numbers in it became here."""
    parent_id: UUID | None = None
    """Our id of the post it belongs to, for comments."""


class ImportHandler(msgspec.Struct, frozen=True, kw_only=True):
    """Takes items of the kinds it claims. Called inside a write unit, one batch at a time."""

    kinds: frozenset[str]
    take: Callable[[Sequence[ImportedItem]], Awaitable[Mapping[str, UUID | None]]]
    """Returns our id by identity; an identity that is absent was skipped."""


class PersonalDataProvider(msgspec.Struct, frozen=True, kw_only=True):
    """Whose data is this? Export and erasure of what a plugin keeps about a person."""

    name: str
    title: str
    find: Callable[[str], Awaitable[Sequence[UUID]]]
    """Row ids by the person's e-mail address."""
    export: Callable[[Sequence[UUID]], Awaitable[Sequence[Mapping[str, Any]]]]
    erase: Callable[[Sequence[UUID]], Awaitable[int]]
    """Returns how many rows were changed or removed."""


class SealScope(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sealed value lives; all of it is bound into the ciphertext."""

    tenant_id: UUID
    table: str
    column: str
    purpose: str


class Cipher(Protocol):
    """Who can read this field? Batched: one call for many rows."""

    async def seal(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        """Seal values by row id."""
        ...

    async def open(self, scope: SealScope, values: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        """Open sealed values by row id. Raises if one was tampered with or its key is gone."""
        ...

    async def blind_index(self, scope: SealScope, value: bytes) -> bytes:
        """Return a keyed tag that is equal for equal values, to look a sealed value up by."""
        ...


class AccessLevel(msgspec.Struct, frozen=True, kw_only=True):
    """Who may see a file of the library."""

    name: str
    title: str
    capability: str = ""
    """Needed to see it; "" means everybody."""
