"""All that is said of a template, with a browser and without."""

import sys

import pytest

from crowdlab.templates import Finding, check_template
from tests.templates.conftest import Copy


def test_without_a_browser_the_rest_is_checked(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence says what is missing: the extra, or a chromium."""
    folder = copy()
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    *facts, last = check_template(folder)
    assert ["fact", "fact"] == [finding.level for finding in facts]
    assert ("fact", "browser") == (last.level, last.where)
    assert "no chromium" in last.what

    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)

    assert "pip install 'crowdlab[browser]'" in check_template(folder)[-1].what


def test_a_page_is_tried_when_its_files_are_sound(copy: Copy) -> None:
    """What the linter finds is to be mended first, and the last finding says so."""
    *_, last = check_template(copy("page.js", "{", '{ alert("hi");'))

    assert (
        Finding("fact", "browser", "the page is not tried before the faults are mended")
        == last
    )
