"""What a site's admin can set."""

from typing import Annotated

import msgspec
from msgspec import Meta


class ReadingTimeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the reading time."""

    words_per_minute: Annotated[int, Meta(title="Words per minute", ge=50, le=1000)] = 200
    ask_readers: Annotated[bool, Meta(title="Ask readers whether they read to the end")] = True
