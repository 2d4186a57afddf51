"""What people look at: the report on a terminal, as Markdown, and as a page with plots."""

from crowdlab.display.files import name_report, report_text, write_report
from crowdlab.display.markdown import report_markdown
from crowdlab.display.page import report_page
from crowdlab.display.tables import report_table

__all__ = [
    "name_report",
    "report_markdown",
    "report_page",
    "report_table",
    "report_text",
    "write_report",
]
