"""What is known of the DICOM files of the library."""

from core.db import Migration


def up(m: Migration) -> None:
    m.tenant_table(
        "dicom_files",
        """
        media_id UUID NOT NULL,
        contains_phi BOOLEAN NOT NULL DEFAULT FALSE,
        reasons TEXT NOT NULL DEFAULT '[]',
        modality VARCHAR(16) NOT NULL DEFAULT '',
        frames INTEGER NOT NULL DEFAULT 0,
        dicom_metadata TEXT NOT NULL DEFAULT '{}',
        updated_at TIMESTAMPTZ NOT NULL,
        FOREIGN KEY (tenant_id, media_id) REFERENCES media (tenant_id, id) ON DELETE CASCADE
        """,
    )
    m.index("dicom_files_media_uq", "dicom_files", "tenant_id, media_id", unique=True)
