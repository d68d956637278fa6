"""Medical pictures: DICOM files without the people they show."""
