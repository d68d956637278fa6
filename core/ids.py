"""Row identifiers."""

from uuid import UUID

import uuid_utils.compat

__all__ = ["new_id"]


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): unique, made by the application, sorted by time of creation.

    The id exists before the row does, so sealed fields can name their row in the AAD and a new
    row can be referred to before it is written.
    """
    return uuid_utils.compat.uuid7()
