"""Where the plugin takes part in the frame."""

from collections.abc import Iterable

from core.contract.accounts import Capability
from core.contract.admin import EditPanel
from core.contract.content import Extension
from core.contract.markers import hookimpl
from core.contract.media import MediaIntake, ReceivedFile
from core.contract.views import MediaView
from core.contract.work import AccessLevel
from plugins.dicom.files import EXTENSION, INTAKE, LEVEL, OPEN, check_level, check_received, panel_context


@hookimpl
def register_capabilities() -> Iterable[Capability]:
    """Bring the right to open what still says whose it is."""
    return [
        Capability(
            name=OPEN,
            title="Open medical pictures that say whose they are",
            group="Medical pictures",
            roles=frozenset({"author", "editor"}),
        )
    ]


@hookimpl
def register_access_levels() -> Iterable[AccessLevel]:
    """Bring the level of files that say whose they are."""
    return [AccessLevel(name=LEVEL, title="Only those who may know whose it is", capability=OPEN)]


@hookimpl
def register_media_intakes() -> Iterable[MediaIntake]:
    """Take DICOM files."""
    return [INTAKE]


@hookimpl
def register_extensions() -> Iterable[Extension]:
    """Keep with a file what its tags say."""
    return [EXTENSION]


@hookimpl
def register_edit_panels() -> Iterable[EditPanel]:
    """Show what the tags of a file say."""
    return [
        EditPanel(
            key="dicom",
            title="Medical picture",
            template="dicom/admin/panel.html",
            capability="upload_files",
            owner="media",
            context=panel_context,
        )
    ]


@hookimpl
def on_media_receiving(file: ReceivedFile) -> None:
    """Turn away what is DICOM and something else at once."""
    check_received(file)


@hookimpl
async def on_media_saving(media: MediaView, before: MediaView | None) -> None:
    """Keep what says whose it is from those who may not know."""
    await check_level(media, before)
