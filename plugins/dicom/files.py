"""What is kept of DICOM files beside the library, and who may have them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from core.clock import now
from core.context import current_tenant
from core.contract.content import Extension
from core.contract.media import MediaIntake, ReceivedFile
from core.contract.views import MediaView
from core.crypto import keyring
from core.db import execute
from core.errors import Refused
from core.i18n import gettext as _
from core.ids import new_id
from plugins.dicom.capped import process
from plugins.dicom.tables import DicomFile

__all__ = ["EXTENSION", "INTAKE", "LEVEL", "OPEN", "check_level", "check_received", "panel_context"]

LEVEL: Final = "dicom.identified"
OPEN: Final = "dicom.open_identified"
_MOST_SHOWN: Final = 300


class DicomInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing: what a file says is read from it, and not written by hand."""


def sniff(head: bytes) -> bool:
    """Tell whether a file may be DICOM."""
    return head[128:132] == b"DICM"


def _arguments() -> dict[str, str]:
    return {"key": keyring().mac("pseudonym", b"dicom", current_tenant().id.bytes).hex()}


async def _keep(media: MediaView, data: Mapping[str, Any]) -> None:
    await DicomFile.delete().where(DicomFile.media_id == media.id)
    await DicomFile.insert(
        DicomFile(
            id=new_id(),
            media_id=media.id,
            contains_phi=data["contains_phi"],
            reasons=json.dumps(data["reasons"]),
            modality=data["modality"],
            frames=data["frames"],
            dicom_metadata=json.dumps(data["tags"], ensure_ascii=False),
            updated_at=now(),
        )
    )


async def load(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return what is known of files, by id: one query."""
    if not ids:
        return {}
    marks = ", ".join(["{}"] * len(ids))
    rows = await execute(
        "SELECT media_id, contains_phi, reasons, modality, frames, dicom_metadata FROM dicom_files"  # noqa: S608  # marks only
        f" WHERE tenant_id = {{tenant}} AND media_id IN ({marks})",
        *ids,
    )
    return {
        row["media_id"]: {
            "contains_phi": bool(row["contains_phi"]),
            "reasons": json.loads(row["reasons"]),
            "modality": row["modality"],
            "frames": row["frames"],
            "tags": json.loads(row["dicom_metadata"]),
        }
        for row in rows
    }


async def check_level(media: MediaView, before: MediaView | None) -> None:
    """Keep a file that says whose it is from those who may not know.

    Raises:
        Refused: It was to be shown to others.
    """
    if before is None or media.access_level in (LEVEL, before.access_level):
        return
    if (await load([media.id])).get(media.id, {}).get("contains_phi"):
        raise Refused(_("This file says whose it is, so who may see it can't be changed."))


def check_received(file: ReceivedFile) -> None:
    """Turn away files that are DICOM and something else at once.

    Raises:
        Refused: It is both.
    """
    if file.mime_type != "application/octet-stream":
        with Path(file.path).open("rb") as opened:
            if sniff(opened.read(132)):
                raise Refused(_("This file is two things at once: a DICOM file stands in it."))


def _text(entry: Mapping[str, Any]) -> str:
    values = entry.get("Value", [])
    if entry.get("vr") == "SQ":
        return "; ".join(_text(each) for item in values for each in item.values())[:_MOST_SHOWN]
    return ", ".join(str(value) for value in values)[:_MOST_SHOWN]


async def panel_context(media: MediaView | None) -> dict[str, Any]:
    """Return what the section of a file's form shows."""
    known = (await load([media.id])).get(media.id) if media is not None else None
    if known is None:
        return {"dicom": None}
    tags = [
        (f"({tag[:4]},{tag[4:]})", entry.get("name", ""), _text(entry))
        for tag, entry in known["tags"].items()
    ]
    return {"dicom": known, "tags": tags}


async def _save(owner_id: UUID, value: DicomInput) -> None:
    """Nothing is written by hand."""


async def _snapshot(owner_id: UUID) -> Any:
    return (await load([owner_id])).get(owner_id)


async def _restore(owner_id: UUID, value: Any) -> None:
    """What is known follows from the file."""


async def _erase(owner_id: UUID) -> None:
    await DicomFile.delete().where(DicomFile.media_id == owner_id)


EXTENSION: Final = Extension(
    owner="media",
    key="dicom",
    input=DicomInput,
    load=load,
    save=_save,
    snapshot=_snapshot,
    restore=_restore,
    export=_snapshot,
    erase=_erase,
)
INTAKE: Final = MediaIntake(
    name="dicom",
    title="DICOM",
    sniff=sniff,
    process=process,
    arguments=_arguments,
    keep=_keep,
    seconds=60,
)
