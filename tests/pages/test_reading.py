"""Pages for every worker: languages, keys, choices."""

import pytest

from tests.pages.conftest import Open

pytestmark = pytest.mark.browser


def test_the_chosen_language_is_remembered(open_task: Open) -> None:
    """The next task speaks the worker's language from the start."""
    visit = open_task()
    visit.page.select_option("#language", "es")

    other = open_task(assignment="ASSIGNMENT2", page=visit.page)

    assert "Enviar respuesta" == other.text("#submit")


def test_number_keys_choose(open_task: Open) -> None:
    """The keys 1 to 9 choose, but not while somebody writes."""
    visit = open_task()

    visit.page.keyboard.press("2")
    assert visit.page.get_by_label("No").is_checked()
    visit.page.keyboard.press("9")
    visit.page.get_by_text("Tell the requester something").click()
    visit.page.locator("#feedback").press("1")

    answer = visit.send()
    assert ("no", "1") == (answer["label"], answer["feedback"])


def test_number_keys_can_be_put_off(open_task: Open) -> None:
    """Who is disturbed by single keys turns them off once."""
    visit = open_task()
    visit.page.uncheck("#keys")
    visit.page.reload()

    visit.page.keyboard.press("2")

    assert not visit.page.get_by_label("No").is_checked()


def test_choices_have_the_requesters_words(open_task: Open) -> None:
    """A choice shows its label and sends its value."""
    choices = [{"value": "+", "label": "good"}, {"value": "-", "label": "bad"}]
    visit = open_task({"text": "Nice.", "question": "How is it?", "choices": choices})

    visit.page.get_by_label("bad").check()

    assert "How is it?" == visit.text("h1")
    assert visit.page.is_hidden("#hypothesis")
    assert "-" == visit.send()["label"]
