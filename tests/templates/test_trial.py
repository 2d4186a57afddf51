"""Trying a page in a browser."""

import pytest
from playwright.sync_api import Browser

from crowdlab.templates import load_template
from crowdlab.templates.trial import try_template
from tests.templates.conftest import Copy

pytestmark = pytest.mark.browser

# File, what is replaced, by what, and what the finding must name.
FAULTS = [
    ("style.css", ".text {", ".text p { color: #eee; } .text {", "previewed: #text", "color-contrast"),
    ("page.html", "<h1", '<img src="data:,x"><h1', "img", "(image-alt)"),
    ("page.js", "{", "{ gone();", "page, previewed", "gone is not defined"),
    ("page.html", "<h1", '<b onclick="x()"></b><h1', "page, previewed", "Content Security Policy"),
    ("style.css", ".text {", ".text { min-width: 25rem; ", "320 pixels wide", "it scrolls sideways"),
    ("messages.es.json", "Elige una etiqueta", " ", "page, in 'es'", "(document-title)"),
    ("style.css", ".text {", "@media (prefers-color-scheme: dark) { h1 { color: #222; } } .text {", "page, in the dark: #question", "color-contrast"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_page_is_found(
    browser: Browser, copy: Copy, fault: tuple[str, str, str, str, str]
) -> None:
    """Each is told with the state and the place in the page."""
    name, old, new, where, what = fault
    template = load_template(copy(name, old, new))

    told = [str(finding) for finding in try_template(template, browser)]

    assert any(where in line and what in line for line in told), told
