"""Content from elsewhere: WordPress exports."""

from core.importing.ledger import imported_ids
from core.importing.report import ImportOptions, ImportReport, Skipped
from core.importing.run import import_wxr
from core.importing.wxr import Survey, survey

__all__ = ["ImportOptions", "ImportReport", "Skipped", "Survey", "import_wxr", "imported_ids", "survey"]
