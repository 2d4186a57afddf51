"""Every page in every state, asked by axe for WCAG 2.2 AA and good practice."""

import pytest
from playwright.sync_api import Browser

from crowdlab.templates import list_templates, load_template
from crowdlab.templates.trial import try_template

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", list_templates())
def test_a_page_is_for_everybody(browser: Browser, name: str) -> None:
    """Previewed, accepted, sent too early, in the dark, in Spanish, on a phone."""
    findings = try_template(load_template(name), browser)

    assert [] == [str(finding) for finding in findings]
