"""The manifest."""

from core.plugins import Plugin

plugin = Plugin(
    name="dicom",
    version="1.0.0",
    title="Medical pictures (DICOM)",
    description="Takes X-rays and other DICOM files into the library, and takes out whose they are.",
)
