"""Files of the library: what comes in, what is made of it, and where it is shown."""

from collections.abc import Iterable

from core.contract.markers import hookspec
from core.contract.media import MediaIntake, MediaUsageSource, ReceivedFile, RenditionSize
from core.contract.views import MediaView


@hookspec
def on_media_receiving(file: ReceivedFile) -> None:
    """A file came in and nothing of it is kept yet; raise `Refused` to turn it away (a scanner for viruses does).

    Args:
        file: Where its bytes lie for the moment, and what they are.
    """
    ...


@hookspec
def on_media_saving(media: MediaView, before: MediaView | None) -> None:
    """A file, or what is said of it, was written, inside the unit of work; raise `Refused` to undo everything.

    Args:
        media: The file as written.
        before: The file as it was, None for a new one.
    """
    ...


@hookspec
def on_media_saved(media: MediaView, before: MediaView | None) -> None:
    """A file was written and committed (WordPress: `add_attachment`, `edit_attachment`). Also once its renditions are made.

    Args:
        media: The file as written.
        before: The file as it was, None for a new one.
    """
    ...


@hookspec
def on_media_deleting(media: MediaView) -> None:
    """A file is being deleted, inside the unit of work; its row is still there. Raise `Refused` to keep it.

    Args:
        media: The file.
    """
    ...


@hookspec
def on_media_deleted(media: MediaView) -> None:
    """A file is gone, its bytes too.

    Args:
        media: The file as it was.
    """
    ...


@hookspec
def filter_rendition_sizes(sizes: tuple[RenditionSize, ...], media: MediaView) -> tuple[RenditionSize, ...]:
    """Change the sizes that a picture is made in (WordPress: `add_image_size`, `intermediate_image_sizes_advanced`).

    Args:
        sizes: The sizes so far. Those larger than the picture are left out later.
        media: The picture.

    Returns:
        The sizes to make.
    """
    ...


@hookspec
def register_media_intakes() -> Iterable[MediaIntake]:
    """Take files of kinds that the core does not know, told by their bytes and read in a capped process."""
    ...


@hookspec
def register_media_usages() -> Iterable[MediaUsageSource]:
    """Tell where files are shown, so that people are warned before they delete one."""
    ...
