"""How a site wants to be searched."""

from typing import Annotated

import msgspec
from msgspec import Meta

from core.http import text_of

__all__ = ["SearchSettings"]


class SearchSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a site's search."""

    synonyms: Annotated[
        str,
        text_of(20_000),
        Meta(
            title="Words that mean the same",
            description="A group per line, with commas between: “pressão alta, hipertensão”. Who searches for one finds all.",
        ),
    ] = ""
    show_filters: Annotated[
        bool, Meta(title="Let readers narrow a search down by kind, category and order")
    ] = True
