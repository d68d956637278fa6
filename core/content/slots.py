"""What blocks and shortcodes have in common: slots for pictures, galleries, embeds and patterns."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from core.content.embeds import embed_figure
from core.content.formats import MARK
from core.content.pictures import picture
from core.content.pieces import Filling, Slot, Wants, join, note
from core.content.providers import provider_of
from core.contract.content import Reference
from core.contract.views import MediaView
from core.i18n import gettext as _

__all__ = [
    "EmbedSlot",
    "GallerySlot",
    "Listed",
    "PatternSlot",
    "PictureSlot",
    "known_picture",
]


def known_picture(filling: Filling, number: int) -> MediaView | None:
    """Return a picture that was loaded, None if there is none of this number any more."""
    media = filling.media.get(number)
    return media if media is not None and media.mime_type.startswith("image/") else None


class PictureSlot(Slot):
    """A picture of the library within HTML that is ready."""

    __slots__ = ("after", "alt", "before", "caption", "number", "place")

    def __init__(
        self, number: int, alt: str | None, before: str, after: str, *, caption: str = "", place: str = ""
    ) -> None:
        self.number, self.alt, self.before, self.after = number, alt, before, after
        self.caption, self.place = caption, place

    def want(self, wants: Wants, depth: int) -> None:
        """Say what has to be loaded."""
        wants.media.add(self.number)

    def fill(self, filling: Filling) -> str:
        """Return the HTML."""
        media = known_picture(filling, self.number)
        if media is None:
            return note(filling, _("The picture {number} is not in the library.").format(number=self.number))
        return f"{self.before}{picture(media, self.alt, self.place)}{self.after}"

    def outline(self) -> str:
        """Return the words that stand in the content itself."""
        return f"<p>{self.caption}</p>" if self.caption else ""

    def references(self) -> Iterable[Reference]:
        """Return what is shown here."""
        return [Reference("media", str(self.number))]


class Listed(NamedTuple):
    """A picture of a gallery."""

    number: int
    alt: str | None = None
    caption: str | None = None
    """Plain text; None for the library's."""


class GallerySlot(Slot):
    """Pictures of the library beside each other."""

    __slots__ = ("caption", "columns", "crop", "images")

    def __init__(self, images: tuple[Listed, ...], columns: int, *, crop: bool, caption: str = "") -> None:
        self.images, self.columns, self.crop, self.caption = images, columns, crop, caption

    def want(self, wants: Wants, depth: int) -> None:
        """Say what has to be loaded."""
        wants.media.update(image.number for image in self.images)

    def fill(self, filling: Filling) -> str:
        """Return the HTML."""
        items = []
        missing = 0
        for image in self.images:
            media = known_picture(filling, image.number)
            if media is None:
                missing += 1
                continue
            words = media.caption if image.caption is None else image.caption
            below = f"<figcaption>{escape(words)}</figcaption>" if words else ""
            items.append(
                f"<li><figure>{picture(media, image.alt, columns=self.columns, crop=self.crop)}{below}</figure></li>"
            )
        told = (
            note(filling, _("Pictures that are not in the library: {count}.").format(count=missing))
            if missing
            else ""
        )
        if not items:
            return told or note(filling, _("This gallery has no pictures yet."))
        crop = " cropped" if self.crop else ""
        below = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        shown = f'<ul class="gallery columns-{self.columns}{crop}">{"".join(items)}</ul>'
        return f'{told}<figure class="gallery-figure">{shown}{below}</figure>'

    def outline(self) -> str:
        """Return the words that stand in the content itself."""
        words = [image.caption for image in self.images if image.caption]
        return "".join(f"<p>{escape(text)}</p>" for text in [*words, self.caption] if text)

    def references(self) -> Iterable[Reference]:
        """Return what is shown here."""
        return [Reference("media", str(image.number)) for image in self.images]


class EmbedSlot(Slot):
    """Something that another site shows."""

    __slots__ = ("caption", "otherwise", "url")

    def __init__(self, url: str, caption: str = "", otherwise: str = "") -> None:
        self.url, self.caption, self.otherwise = url, caption, otherwise

    def want(self, wants: Wants, depth: int) -> None:
        """Say what has to be loaded."""
        if provider_of(self.url) is not None:
            wants.embeds.add(self.url)

    def fill(self, filling: Filling) -> str:
        """Return the HTML."""
        if self.otherwise and (filling.written or provider_of(self.url) is None):
            return self.otherwise
        if filling.written:
            below = f"<p>{escape(self.caption)}</p>" if self.caption else ""
            return f'<p><a href="{escape(self.url)}">{escape(self.url)}</a></p>{below}'
        return embed_figure(self.url, escape(self.caption), filling.embeds.get(self.url))

    def outline(self) -> str:
        """Return the words that stand in the content itself."""
        return self.otherwise or (f"<p>{escape(self.caption)}</p>" if self.caption else "")

    def references(self) -> Iterable[Reference]:
        """Return what is shown here."""
        return [Reference("embed", self.url)] if provider_of(self.url) is not None else ()


class PatternSlot(Slot):
    """A piece that is written elsewhere."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def want(self, wants: Wants, depth: int) -> None:
        """Say what has to be loaded."""
        wants.patterns.add(self.number)

    def fill(self, filling: Filling) -> str:
        """Return the HTML."""
        template = filling.patterns.get(self.number)
        if template is None or self.number in filling.within:
            return note(
                filling,
                _("The pattern {number} is not published, or shows itself.").format(number=self.number),
            )
        filling.within.append(self.number)
        try:
            return MARK.sub("", join(template, filling))  # parts are of the post, not of what it shows
        finally:
            filling.within.pop()

    def references(self) -> Iterable[Reference]:
        """Return what is shown here."""
        return [Reference("pattern", str(self.number))]
