"""Column types and marks that the engines do not bring."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
from piccolo.columns import Bytea, Column

__all__ = ["LegalBasis", "Personal", "SealedText", "personal", "personal_columns"]

LegalBasis = Literal[
    "consent",
    "legal_obligation",
    "public_policy",
    "research",
    "contract",
    "legal_claims",
    "protection_of_life",
    "health_care",
    "legitimate_interest",
    "credit_protection",
]
"""LGPD, article 7, items I to X; for sensitive data article 11 allows a part of them."""


class Personal(msgspec.Struct, frozen=True, kw_only=True):
    """What the law wants known of a column that holds personal data (LGPD, article 37)."""

    category: str
    """Kind of data, such as "identification", "contact", "access log", "health"."""
    purpose: str
    basis: LegalBasis
    retention: str
    """How long it is kept, in words for the records of processing."""
    subject: str = "user"
    """Whose data it is: "user", "visitor", "author", "patient"."""
    sensitive: bool = False
    erase: Literal["clear", "anonymise", "delete", "keep"] = "clear"
    """What erasure does with the value; "keep" needs a retention that says why."""


_MARK = "_vitral_personal"


def personal(column: Any, mark: Personal) -> Any:
    """Mark `column` as personal data and return it: `email = personal(Varchar(255), Personal(...))`."""
    setattr(column, _MARK, mark)
    return column


def personal_columns(columns: Sequence[Column]) -> Iterator[tuple[Column, Personal]]:
    """Yield the columns that are marked as personal data, with their marks."""
    for column in columns:
        mark = getattr(column, _MARK, None)
        if mark is not None:
            yield column, mark


class SealedText(Bytea):
    """Bytes in envelope v1. Operations write and read it through the cipher; nothing else can."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("default", None)
        super().__init__(**kwargs)
