"""What is known of the DICOM files of the library."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar

from core.clock import now
from core.db import TenantTable

__all__ = ["DicomFile"]


class DicomFile(TenantTable, tablename="dicom_files"):
    """A DICOM file of the library."""

    media_id = UUID()
    contains_phi = Boolean(default=False)
    """It still says or shows whose it is; its bytes are sealed."""
    reasons = Text(default="[]")
    """JSON: English message ids of what can't be taken out."""
    modality = Varchar(16, default="")
    frames = Integer(default=0)
    dicom_metadata = Text(default="{}")
    """The tags that remain, as in the DICOM JSON model (PS3.18 F.2), each with its name; never those of a person."""
    updated_at = Timestamptz(default=now)
