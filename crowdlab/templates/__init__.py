"""What a worker sees and may say: templates are folders, and any folder may be one."""

from crowdlab.templates.check import check_template
from crowdlab.templates.copies import copy_template
from crowdlab.templates.folders import list_templates
from crowdlab.templates.lint import Finding, lint_template
from crowdlab.templates.loading import load_template
from crowdlab.templates.template import Template

__all__ = [
    "Finding",
    "Template",
    "check_template",
    "copy_template",
    "lint_template",
    "list_templates",
    "load_template",
]
