"""Pages as documents: what is in them, and how large they are."""

import base64
import hashlib
import json
import random
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest

from crowdlab.errors import BadQuestion, NotFound
from crowdlab.questions import MAX_QUESTION_BYTES, HTMLQuestion, parse_question
from crowdlab.templates import Template, list_templates, load_template
from crowdlab.templates.folders import page_folder
from crowdlab.templates.page import squeeze

EACH = pytest.mark.parametrize("name", list_templates())
PAIR = {"text": "It rains.", "hypothesis": "It is wet."}
GAP, WORD = re.compile(r"\{\w+\}"), re.compile(r"[^\W\d_]{2}")
# The messages that both languages say alike.
SAME = {"choice.no"}
HOSTILE = (
    "</script><!-- ]]> & \" ' \u2028 \x07 \x7f \x85 \ufffe \U0001ffff 走 ${x} {{ y }}"
)


def _html(template: Template, row: dict[str, Any], language: str = "en") -> str:
    task = template.task(row, "row 1")
    return template.page(task.input, task_id=task.task_id, language=language)


def _block(html: str, name: str) -> Any:
    (block,) = re.findall(
        f'<script type="application/json" id="{name}">(.*?)</script>', html
    )
    return json.loads(block)


@EACH
def test_a_page_is_valid_html(name: str) -> None:
    """html5lib finds no error in any example in any language."""
    template = load_template(name)
    for language in template.languages:
        for row in template.examples():
            parser = html5lib.HTMLParser()
            parser.parse(_html(template, row, language))
            assert [] == parser.errors


@EACH
def test_a_page_allows_only_itself(name: str) -> None:
    """The policy names the one script and the one style, and no host but images'."""
    template = load_template(name)
    html = _html(template, template.examples()[0])
    (policy,) = re.findall(
        r'http-equiv="Content-Security-Policy" content="([^"]*)"', html
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert "'none'" == rules["default-src"]
    assert (
        "https: data: 'self' http://localhost:* http://127.0.0.1:*" == rules["img-src"]
    )
    for kind, element in (("script-src", "script"), ("style-src", "style")):
        (text,) = re.findall(f"<{element}>(.*?)</{element}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" == rules[kind]


@EACH
def test_a_page_can_pass_through_other_tools(name: str) -> None:
    """Nothing in a page looks like a mark that a template engine would fill in."""
    template = load_template(name)

    assert [] == re.findall(r"\$\{|\{\{|\{%|`", _html(template, template.examples()[0]))


def test_the_shared_parts_are_free_of_traps() -> None:
    """What the linter asks of templates holds for the parts that all share."""
    for path in filter(Path.is_file, page_folder().rglob("*")):
        text = squeeze(path.read_text("utf-8"))
        assert not re.search(
            r"\$\{|\{\{|\{%|`|innerHTML|alert\(|https?://(?!json-schema|www.w3.org/2000/svg)",
            text,
        ), path


@EACH
def test_a_field_name_is_unique(name: str) -> None:
    """MTurk returns one value for each name, so no name is there twice."""
    template = load_template(name)
    html = _html(template, template.examples()[0])
    form = html[html.index("<form") : html.index("</form>")]

    assert ["assignmentId", "answer"] == re.findall(r' name="([^"]*)"', form)


def test_hostile_data_stays_data(texts: Template) -> None:
    """A text that ends scripts, comments and sections is carried as it is."""
    row = {"text": HOSTILE, "question": HOSTILE}
    html = _html(texts, row)
    parser = html5lib.HTMLParser()
    parser.parse(html)

    assert [] == parser.errors
    assert HOSTILE == _block(html, "task")["input"]["text"]
    assert 3 == html.count("</script>")


def test_a_question_carries_the_page(texts: Template) -> None:
    """The XML parses, and gives back exactly the page."""
    task = texts.task({**PAIR, "text": HOSTILE}, "row 1")
    facts = {"task_id": task.task_id, "language": "en"}

    question = parse_question(texts.question(task.input, **facts))

    assert HTMLQuestion(texts.page(task.input, **facts), 0) == question


def test_a_question_that_is_too_large_names_its_parts(texts: Template) -> None:
    """Over 65,535 bytes nothing is made, and the parts are listed with their sizes."""
    noise = random.Random(0).randbytes(60_000).hex()
    task = texts.task({**PAIR, "text": noise}, "row 1")

    with pytest.raises(BadQuestion) as refused:
        texts.question(task.input, task_id=task.task_id, language="en")

    assert re.search(
        r"question of \d{2,3},\d{3} bytes when it is packed, and 65,535 are allowed",
        str(refused.value),
    )
    assert re.search(
        r"input 120,\d{3}, style \d.*, script \d.*, messages \d.*, html \d",
        str(refused.value),
    )


@EACH
def test_the_sizes_add_up(name: str) -> None:
    """The parts are the whole page, byte for byte."""
    template = load_template(name)
    task = template.task(template.examples()[0], "row 1")
    facts = {"task_id": task.task_id, "language": "es"}

    sizes = template.sizes(task.input, **facts)

    assert len(template.page(task.input, **facts).encode()) == sum(sizes.values())


@EACH
def test_a_page_leaves_room_for_its_task(name: str) -> None:
    """Packed and without its input a page takes three fifths of what is allowed at most."""
    page = load_template(name).layout.packed({}, item="1", language="en")

    assert len(page) <= MAX_QUESTION_BYTES * 3 // 5


@EACH
def test_a_text_is_translated(name: str) -> None:
    """What is said in the second language is not what is said in the first."""
    english, spanish = map(load_template(name).layout.messages.get, ("en", "es"))
    assert english is not None
    assert spanish is not None

    same = {key for key, text in english.items() if text == spanish[key]}

    assert {key for key in same if WORD.search(GAP.sub("", english[key]))} <= SAME


def test_a_page_knows_its_template(texts: Template) -> None:
    """Template, version and item are in the page, so that they are in the answer."""
    html = _html(texts, PAIR, "es")

    assert "text-classification" == _block(html, "page")["template"]
    assert texts.version == _block(html, "page")["version"]
    assert "es" == _block(html, "page")["language"]
    assert '<html lang="es">' in html
    assert "<title>Elige una etiqueta</title>" in html
    assert texts.task(PAIR, "row 1").task_id == _block(html, "task")["item"]


def test_a_language_that_is_not_spoken_is_refused(texts: Template) -> None:
    """The error lists the languages."""
    with pytest.raises(NotFound, match="choose from: en, es"):
        _html(texts, PAIR, "fr")
