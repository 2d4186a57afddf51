"""What the linter finds in a template's folder."""

import random

import pytest

from crowdlab.templates import Finding, lint_template, list_templates
from tests.templates.conftest import Copy

# File, what is replaced, by what, and where and what the finding must name.
FAULTS = [
    ("page.js", "{", "{ const a = `${1}`;", ("page.js, line 1", "'${'")),
    ("page.js", "{", '{ document.body.innerHTML = "";', ("page.js, line 1", "innerHTML")),
    ("page.js", "{", '{ alert("hi");', ("page.js, line 1", "alert(")),
    ("page.js", "{", '{ say("unheard");', ("messages.en.json", "'unheard' is missing")),
    ("page.html", "<h1", "<script></script><h1", ("page.html, line 1", "<script")),
    ("page.html", "<h1", '<b onclick="x()"></b><h1', ("page.html, line 1", "onclick")),
    ("page.html", "<h1", '<img src="//example.org/a.png" alt=""><h1', ("page.html, line 1", "src")),
    ("page.html", "<h1", "</p><h1", ("example.jsonl, row 1", "Unexpected end tag (p)")),
    ("style.css", ".text", "@import 'a.css';\n.text", ("style.css, line 1", "@import")),
    ("messages.es.json", '  "text": "Texto",\n', "", ("messages.es.json", "'text' is missing")),
    ("messages.es.json", "Hipótesis", "Hipótesis {n}", ("messages.es.json", "'hypothesis' and its 'en' differ in n")),
    ("example.jsonl", '"hypothesis"', '"hypotesis"', ("example.jsonl, row 1", "hypotesis: is unknown")),
    ("template.toml", '["en", "es"]', '["fr"]', ("messages.fr.json", "'submit.ready' is missing")),
    ("example.jsonl", "{", "", ("example.jsonl", "no JSON")),
    ("example.jsonl", "Two films", random.Random(0).randbytes(60_000).hex(), ("example.jsonl, row 1", "65,535 are allowed")),
    ("template.toml", "[votes]", "[voices]", ("own-template", "'votes'")),
]  # fmt: skip


@pytest.mark.parametrize("name", list_templates())
def test_our_templates_are_clean(name: str) -> None:
    """Nothing is to be mended, and the size of every example is known."""
    findings = lint_template(name)

    assert [] == [str(finding) for finding in findings if finding.level == "fault"]
    assert any("of 65,535 bytes" in finding.what for finding in findings)


@pytest.mark.parametrize(("name", "old", "new", "finding"), FAULTS)
def test_a_fault_is_found(
    copy: Copy, name: str, old: str, new: str, finding: tuple[str, str]
) -> None:
    """Each fault is told with its place."""
    where, what = finding
    folder = copy(name, old, new)
    (folder / "messages.fr.json").write_text('{"title": "Choisir"}', "utf-8")

    findings = lint_template(folder)

    faults = [found for found in findings if found.level == "fault"]
    assert where in [fault.where for fault in faults]
    assert what in " ".join(map(str, faults))


def test_a_template_without_examples_is_a_fault(copy: Copy) -> None:
    """Examples are what everything else is checked with."""
    folder = copy()
    (folder / "example.jsonl").write_text("\n")

    assert Finding("fault", "example.jsonl", "it is empty") in lint_template(folder)


def test_a_finding_is_one_line() -> None:
    """A finding reads as level, place and matter."""
    assert "fault: page.js: it is empty" == str(
        Finding("fault", "page.js", "it is empty")
    )
