"""Saying which of two is better."""

from typing import Any

import pytest

from tests.pages.conftest import Open
from tests.pages.site import Visit

pytestmark = pytest.mark.browser

TEA, MILK = {"id": "tea", "text": "A cup of tea"}, {"id": "milk", "text": "Warm milk"}
HOSTILE = """</script><img src=x onerror="document.title='mine'"> <!-- ]]> &"""
PICTURE = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI4IiBoZWlnaHQ9IjgiLz4="


def _open(open_task: Open, assignment: str = "A1", **settings: Any) -> Visit:
    row = {"items": [TEA, MILK], **settings}
    visit = open_task(row, "pairwise-comparison", assignment=assignment)
    visit.page.wait_for_selector("#submit:enabled")
    return visit


def _shown(visit: Visit) -> list[str]:
    texts = visit.page.locator("#pair .read").all_inner_texts()
    return [{"A cup of tea": "tea", "Warm milk": "milk"}[text] for text in texts]


def test_the_answer_is_an_id(open_task: Open) -> None:
    """What is sent is which one, not where it stood; and where it stood, too."""
    visit = _open(open_task)
    shown = _shown(visit)

    visit.page.get_by_label("Second").check()
    answer = visit.send()

    assert (shown, shown[1]) == (answer["shown"], answer["better"])


def test_which_one_stands_first_is_of_the_assignment(open_task: Open) -> None:
    """A reload keeps the order; over some assignments both stand first."""
    visit = _open(open_task)
    before = _shown(visit)
    visit.page.reload()
    assert before == _shown(visit)

    firsts = {_shown(_open(open_task, assignment=f"A{n}"))[0] for n in range(1, 8)}

    assert {"tea", "milk"} == firsts


@pytest.mark.parametrize(("key", "place"), [("1", 0), ("2", 1), ("0", None)])
def test_keys_choose(open_task: Open, key: str, place: int | None) -> None:
    """1 and 2 are the two as they stand, 0 is neither."""
    visit = _open(open_task)
    shown = _shown(visit)

    visit.page.keyboard.press(key)
    visit.page.keyboard.press("Control+Enter")
    visit.wait_until_sent()

    assert ("tie" if place is None else shown[place]) == visit.read()["better"]


def test_arrows_go_from_one_to_the_other(open_task: Open) -> None:
    """Radio buttons as browsers have them: an arrow chooses the next."""
    visit = _open(open_task)

    visit.page.get_by_label("First").check()
    visit.page.keyboard.press("ArrowRight")

    assert visit.page.get_by_label("Second").is_checked()


def test_without_ties_none_is_offered(open_task: Open) -> None:
    """Neither by tile nor by key nor in words."""
    visit = _open(open_task, ties=False)

    visit.page.keyboard.press("0")
    visit.page.click("#submit")

    assert "Choose one of the two" == visit.text("#error-list")
    assert 2 == visit.page.locator("#pair label:visible").count()
    assert "0 for equal" not in visit.text(".keys")


def test_keys_can_be_put_off(open_task: Open) -> None:
    """Who dictates turns single keys off once."""
    visit = _open(open_task)
    visit.page.uncheck("#keys")

    visit.page.keyboard.press("1")

    assert not visit.page.get_by_label("First").is_checked()


def test_a_draft_goes_by_id(open_task: Open) -> None:
    """A reload brings back the choice."""
    visit = _open(open_task)
    visit.page.get_by_label("Second").check()

    visit.page.reload()

    assert visit.page.get_by_label("Second").is_checked()
    assert visit.send()["better"] == visit.read()["shown"][1]


def test_what_both_are_about_is_shown(open_task: Open) -> None:
    """A text and an image above, and pictures to compare."""
    items = [{"id": "a", "image": PICTURE}, {"id": "b", "image": PICTURE, "text": "B"}]
    visit = _open(
        open_task, items=items, context="Breakfast", image=PICTURE, question="Which?"
    )

    assert "Breakfast" == visit.text("#context")
    assert 3 == visit.page.locator("img[data-state=shown]").count()
    assert {""} == set(
        visit.page.locator("img").evaluate_all("all => all.map((i) => i.alt)")
    )
    assert "Which?" == visit.text("h1")


def test_a_hostile_item_is_text(open_task: Open) -> None:
    """Markup in what others wrote is shown, not run."""
    items = [{"id": "a", "text": HOSTILE}, {"id": "b", "text": "harmless"}]
    visit = _open(open_task, items=items, context=HOSTILE, question=HOSTILE)

    assert HOSTILE in visit.page.locator(".read").all_inner_texts()
    assert HOSTILE == visit.page.text_content("#question")
    assert 0 == visit.page.locator("img").count()
    assert "Compare two" == visit.page.title()


@pytest.mark.parametrize(("width", "rows"), [(1024, 1), (320, 2)])
def test_two_stand_side_by_side_where_there_is_room(
    open_task: Open, width: int, rows: int
) -> None:
    """Beside each other on a desk, one above the other on a phone."""
    visit = _open(open_task)
    visit.page.set_viewport_size({"width": width, "height": 700})

    tops = visit.page.locator("#pair label").evaluate_all(
        "all => all.slice(0, 2).map((label) => label.offsetTop)"
    )

    assert rows == len(set(tops))
