"""What a worker sees and may say: templates are folders, and any folder may be one."""

from crowdlab.templates.folders import list_templates
from crowdlab.templates.lint import Finding, lint_template
from crowdlab.templates.loading import load_template
from crowdlab.templates.template import Template

__all__ = ["Finding", "Template", "lint_template", "list_templates", "load_template"]
