"""What people look at: the report on a terminal, and as one page with plots."""

from crowdlab.display.page import report_page, write_report
from crowdlab.display.tables import report_table

__all__ = ["report_page", "report_table", "write_report"]
