"""De-identification by the basic profile of PS3.15 Annex E, and stricter where words are concerned.

The standard lists what goes. Words that it does not list may name people as well, so of values that hold words,
names, dates or unknown bytes only those stay that are listed here; numbers and coded words stay unless the
standard lists them.
"""

import hashlib
import hmac
import re
from typing import Any, Final

from pydicom.datadict import keyword_for_tag, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import UID_dictionary

__all__ = ["deidentified", "described", "new_uid"]

_GROUPS: Final = frozenset({0x0008, 0x0018, 0x0020, 0x0028, 0x0048, 0x0054, 0x2050, 0x5200})
"""Where pictures are described. Groups of patients, visits, orders, reports and whatever is private go as a whole."""
_EMPTIED: Final = frozenset(
    tag_for_keyword(keyword)
    for keyword in [
        "PatientName",
        "PatientID",
        "PatientBirthDate",
        "PatientSex",
        "AccessionNumber",
        "ReferringPhysicianName",
        "ConsultingPhysicianName",
        "StudyDate",
        "StudyTime",
        "StudyID",
        "ContentDate",
        "ContentTime",
        "PlacerOrderNumberImagingServiceRequest",
        "FillerOrderNumberImagingServiceRequest",
        "ContentCreatorName",
        "ContrastBolusAgent",
    ]
)
"""Z and Z/D of the table: they stay without a value."""
_GONE: Final = frozenset(
    tag_for_keyword(keyword)
    for keyword in [
        "ReferencedPatientSequence",
        "ReferencedStudySequence",
        "ReferencedPerformedProcedureStepSequence",
        "ReferringPhysicianIdentificationSequence",
        "ConsultingPhysicianIdentificationSequence",
        "PhysiciansOfRecordIdentificationSequence",
        "PerformingPhysicianIdentificationSequence",
        "PhysiciansReadingStudyIdentificationSequence",
        "OperatorIdentificationSequence",
        "InstitutionCodeSequence",
        "InstitutionalDepartmentTypeCodeSequence",
        "IconImageSequence",
        "ICCProfile",
        "DeidentificationMethodCodeSequence",
        "RequestAttributesSequence",
        "PerformedProtocolCodeSequence",
        "AdmittingDiagnosesCodeSequence",
        "ProcedureCodeSequence",
        "ReasonForPerformedProcedureCodeSequence",
        "FailedSOPInstanceUIDList",
        "ConversionSourceAttributesSequence",
        "PatientGantryRelationshipCodeSequence",
    ]
)
_WORDS: Final = frozenset(
    tag_for_keyword(keyword)
    for keyword in ["Manufacturer", "ManufacturerModelName", "RescaleType", "ModalityLUTType"]
)
_TABLES: Final = frozenset(
    tag_for_keyword(keyword)
    for keyword in [
        "RedPaletteColorLookupTableData",
        "GreenPaletteColorLookupTableData",
        "BluePaletteColorLookupTableData",
        "LUTData",
    ]
)
_NUMBERS: Final = frozenset({"IS", "DS", "FD", "FL", "US", "SS", "UL", "SL", "UV", "SV", "AT"})
_CODED: Final = re.compile(r"[A-Z0-9 _]{0,16}")
_UID: Final = re.compile(r"[0-9.]{1,64}")
_SCHEMES: Final = frozenset({"DCM", "SCT", "SRT", "SNM3", "LN", "UCUM", "RADLEX", "FMA", "99SDM", "I10"})
_CODE: Final = re.compile(r"[A-Z0-9.:-]{1,16}|\{?[A-Za-z0-9/%.\[\]*^-]{1,12}\}?")


def new_uid(key: bytes, uid: str) -> str:
    """Return what stands for a UID: always the same on one site, and not to be traced back without its key."""
    digest = hmac.digest(key, uid.encode(), hashlib.sha256)[:16]
    return f"2.25.{int.from_bytes(digest, 'big')}"


def deidentified(dataset: Dataset, key: bytes) -> Dataset:
    """Return a dataset without its pixels, from which everything was left out that may say whose it is.

    Args:
        dataset: As it was read; it is left alone.
        key: What UIDs are replaced by.
    """
    found = _kept(dataset, key)
    code = Dataset()
    code.CodeValue = "113100"
    code.CodingSchemeDesignator = "DCM"
    code.CodeMeaning = "Basic Application Confidentiality Profile"
    found.SpecificCharacterSet = "ISO_IR 192"
    found.PatientIdentityRemoved = "YES"
    found.DeidentificationMethod = "Vitral: basic profile of PS3.15 Annex E, words left out"
    found.DeidentificationMethodCodeSequence = [code]
    found.LongitudinalTemporalInformationModified = "REMOVED"
    return found


def _kept(dataset: Dataset, key: bytes) -> Dataset:
    found = Dataset()
    for element in dataset:
        tag = element.tag
        if tag in _EMPTIED:
            found.add(DataElement(tag, element.VR, None))
        elif tag.group not in _GROUPS or tag in _GONE:
            continue
        elif element.VR == "SQ":
            items = [_code(item) if "CodeValue" in item else _kept(item, key) for item in element.value or ()]
            if items := [item for item in items if len(item)]:
                found.add(DataElement(tag, "SQ", items))
        elif (value := _value(element, key)) is not None:
            found.add(DataElement(tag, element.VR, value))
    return found


def _code(item: Dataset) -> Dataset:
    """Return an entry of a well-known scheme, without the words that somebody wrote beside it."""
    code = Dataset()
    value, scheme = str(item.get("CodeValue") or ""), str(item.get("CodingSchemeDesignator") or "")
    if scheme in _SCHEMES and _CODE.fullmatch(value):
        code.CodeValue, code.CodingSchemeDesignator = value, scheme
    return code


def _value(element: DataElement, key: bytes) -> Any:
    if element.VR in _NUMBERS or element.tag in _TABLES:
        return element.value
    values = element.value if element.VM > 1 else [element.value]
    if element.VR == "CS":
        return element.value if all(_CODED.fullmatch(str(each or "")) for each in values) else None
    if element.VR == "UI":
        if not all(_UID.fullmatch(str(each)) for each in values):
            return None
        made = [each if each in UID_dictionary else new_uid(key, str(each)) for each in values]
        return made if len(made) > 1 else made[0]
    return element.value if element.tag in _WORDS else None


def described(dataset: Dataset) -> dict[str, Any]:
    """Return the tags of a de-identified dataset in the DICOM JSON model, each with its name."""
    found = dataset.to_json_dict()
    for tag in [tag for tag, entry in found.items() if "InlineBinary" in entry]:
        del found[tag]
    for tag, entry in found.items():
        entry["name"] = keyword_for_tag(int(tag, 16))
    return found
