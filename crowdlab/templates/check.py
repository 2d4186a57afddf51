"""All that can be said of a template: what its files say, and what a browser says."""

from pathlib import Path

from crowdlab.errors import BadInput, MissingExtra
from crowdlab.templates.lint import Finding, lint_template
from crowdlab.templates.loading import load_template
from crowdlab.templates.trial import open_browser, try_template

__all__ = ["check_template"]


def check_template(name_or_folder: str | Path) -> list[Finding]:
    """What the linter finds, and then a browser and axe, in a template.

    The browser comes last, to a page that is sound; where there is none, one of the
    findings says so.

    Example:
        >>> faults = [each for each in check_template("text-classification")
        ...           if each.level == "fault"]
        >>> faults
        []
    """
    findings = lint_template(name_or_folder)
    if any(finding.level == "fault" for finding in findings):
        late = "the page is not tried before the faults are mended"
        return [*findings, Finding("fact", "browser", late)]
    template = load_template(name_or_folder)
    try:
        with open_browser() as browser:
            return [*findings, *try_template(template, browser)]
    except (MissingExtra, BadInput) as error:
        return [*findings, Finding("fact", "browser", str(error))]
