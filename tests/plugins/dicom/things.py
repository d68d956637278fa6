"""DICOM files of invented people."""

import io
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

__all__ = ["STUDY", "dicom"]

STUDY = "1.2.826.0.1.3680043.8.498.4711"


def dicom(**values: Any) -> bytes:
    """Return an X-ray of 50 by 40 pixels that is full of what must not stay; `values` change it, None leaves out."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = values.pop("syntax", ExplicitVRLittleEndian)
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", STUDY + ".1"
    data.StudyInstanceUID, data.Modality = STUDY, "DX"
    for name in ("PatientName", "PatientID", "StudyDescription", "InstitutionName", "PatientAddress"):
        setattr(data, name, "CANARY")
    data.PatientBirthDate = data.StudyDate = "19770707"
    data.add_new(0x00091001, "LO", "CANARY")
    data.Rows, data.Columns, data.SamplesPerPixel = 40, 50, 1
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.PhotometricInterpretation, data.WindowCenter, data.WindowWidth = "MONOCHROME2", 1000, 500
    data.PixelData = np.arange(2000, dtype="<u2").tobytes()
    for name, value in values.items():
        if value is None:
            delattr(data, name)
        else:
            setattr(data, name, value)
    out = io.BytesIO()
    data.save_as(out, enforce_file_format=True, implicit_vr=False, little_endian=True)
    return b"MZ" + b"\x90" * 126 + out.getvalue()[128:]
