"""Describing a way."""

import base64
import io
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FloatRect, expect

from crowdlab.templates import load_template
from crowdlab.templates.wording import words
from tests.pages.conftest import Open
from tests.pages.site import Visit

pytestmark = pytest.mark.browser

PLAN = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600" viewBox="0 0 800 600">'
    '<rect width="800" height="600" fill="#fff"/></svg>'
)
MAP = {
    "url": "data:image/svg+xml;base64," + base64.b64encode(PLAN.encode()).decode(),
    "width": 800,
    "height": 600,
}
ROW: dict[str, Any] = {
    "map": MAP,
    "route": [[100, 100], [100, 400], [700, 400], [700, 200]],
    "rooms": ["Attic", "Hall", "Library"],
    "ends_in": "Library",
}
GOOD = (
    "Walk out of the door, turn left and follow the corridor past two shelves and a bike "
    "until the last door on the left, where the books are."
)
GREEN, RED, BLUE, WHITE = (20, 112, 47), (179, 38, 30), (21, 87, 192), (255, 255, 255)
ON_SCREEN = """([x, y]) => {
  const group = document.querySelector(".scene > g");
  const place = () => new DOMPoint(x, y).matrixTransform(group.getScreenCTM());
  scrollBy(0, place().y - 200);
  return [place().x, place().y];
}"""
COUNT = """(text) => {
  const field = document.getElementById("description");
  field.value = text;
  field.dispatchEvent(new Event("input"));
  return document.getElementById("count").textContent.match(/[0-9]+/)[0];
}"""

Describe = Callable[..., Visit]


@pytest.fixture
def describe(open_task: Open) -> Describe:
    """Opens a way to be described, its map loaded."""

    def describe(**changes: Any) -> Visit:
        row = {
            name: value
            for name, value in {**ROW, **changes}.items()
            if value is not None
        }
        visit = open_task(row, "route-description")
        expect(visit.page.locator("#submit")).to_be_enabled()
        return visit

    return describe


def _write(visit: Visit, text: str, room: str = "") -> None:
    visit.page.fill("#description", text)
    if room:
        visit.page.get_by_role("radio", name=room).check()


def _count(visit: Visit, text: str) -> int:
    return int(visit.page.evaluate(COUNT, text))


def _refusal(visit: Visit) -> str:
    visit.page.click("#submit")
    return visit.text("#error-list")


def test_a_description_reaches_the_template(describe: Describe) -> None:
    """The text, the number of its words and the room are the answer, and votes."""
    visit = describe()
    _write(visit, f"  {GOOD}\n", "Library")

    answer = visit.send()

    assert (GOOD, 28, "Library") == tuple(
        answer[name] for name in ("description", "n_words", "ends_in")
    )
    name = visit.task.name
    votes = [(name, GOOD), (f"{name}/ends_in", "Library")]
    assert votes == visit.template.votes(visit.task, answer)


def test_the_way_lies_on_its_pixels(describe: Describe) -> None:
    """Start, goal and line are seen where they are on the map, at every size and zoom."""
    visit = describe()
    visit.page.evaluate("document.querySelector('.scene .heads').remove()")
    for width in (1280, 700, 360):
        visit.page.set_viewport_size({"width": width, "height": 800})
        for zoom in ("0", "+"):
            visit.page.locator(".scene").focus()
            visit.page.keyboard.press(zoom)
            places = [(400, 400, 0, BLUE), (400, 330, 0, WHITE)]
            if zoom == "0":
                places += [(100, 100, -8, GREEN), (700, 200, 8, RED)]
            for x, y, aside, colour in places:
                assert _near(colour, _colour(visit, x, y, aside)), (width, zoom, x)


def test_the_way_is_readable_without_colours(describe: Describe) -> None:
    """Letters name start and goal, heads of arrows the direction, and a legend all of them."""
    visit = describe()

    assert ["S", "G"] == visit.page.locator(".scene .mark").all_text_contents()
    assert visit.page.locator(".scene .heads").get_attribute("d")
    assert ["Start", "Goal", "Way"] == [
        text.split("\n")[-1]
        for text in visit.page.locator("#legend .entry").all_inner_texts()
    ]
    grey = [_luminance(each) for each in (GREEN, RED, BLUE)]
    assert all((1 + 0.05) / (each + 0.05) > 4.5 for each in grey)


def test_heads_of_arrows_point_along_the_way(describe: Describe) -> None:
    """The tip of every head is further on the way than its base."""
    visit = describe(route=[[100, 300], [700, 300]])

    drawn = visit.page.locator("#map .heads").get_attribute("d") or ""
    heads = [
        [float(point.split()[0]) for point in head.rstrip("Z").split("L")]
        for head in drawn.split("M")[1:]
    ]

    assert len(heads) > 3
    assert all(tip > max(base) for tip, *base in heads)


def test_heads_of_arrows_are_as_far_apart_round_corners(describe: Describe) -> None:
    """A way of many short legs has no more of them than a straight one."""
    steps = [[100 + 25 * (n + n % 2), 50 + 25 * (n - n % 2)] for n in range(20)]
    heads = []
    for route in ([[100, 300], [100 + 25 * 19 * 2**0.5, 300]], steps):
        visit = describe(route=route)
        drawn = visit.page.locator("#map .heads").get_attribute("d") or ""
        heads.append(drawn.count("M"))

    assert 0 < heads[1] <= heads[0] * 1.5


def test_a_map_may_have_the_way_in_its_picture(describe: Describe) -> None:
    """Nothing is drawn over it then, and no legend speaks of it."""
    visit = describe(route=None)

    assert 0 == visit.page.locator(".scene .mark").count()
    assert visit.page.is_hidden("#legend")


def test_words_are_counted_while_they_are_written(describe: Describe) -> None:
    """The count follows every key, and says when there are enough."""
    visit = describe(min_words=3)

    visit.page.locator("#description").press_sequentially("Go out")
    assert "Words: 2 of 3 or more" == visit.text("#count")
    assert "enough" not in (visit.page.locator("#count").get_attribute("class") or "")
    visit.page.locator("#description").press_sequentially(" - now")

    assert "Words: 3 of 3 or more" == visit.text("#count")
    assert "enough" in (visit.page.locator("#count").get_attribute("class") or "")


TEXTS = [
    "", " \n\t ", "one", "Leave the room.", "left-hand side", "it's don\u2019t l'étage 'quoted'",
    "kitchen/bathroom", "door\u2013then—left ― right", "room 3, 2nd floor, 3.5 m", "№ 5 ½ ² Ⅷ",
    "🚪 ➡️ 🚲", "go 🚪out🚪 now", "👩‍👩‍👧 1️⃣", "...!?", "a\u00a0b\u2003c\u3000d\ufeffe\x1cf\x85g",
    "走过厨房", "走过 the 厨房", "キッチンを出て左へ", "부엌을 나와 왼쪽으로", "ออกจากห้องครัว",
    "اخرج من المطبخ", "צא מהמטבח", "रसोई से बाहर", "e\u0301tage", "İstanbul ΣΑΣ straße", "_under_score_",
    "a.b.c", "--", "- - x", "\u200bzero\u200bwidth", "x" * 300, "𠮷野家", "1,000.50 m", "¿Dónde está?",
]  # fmt: skip


def test_the_page_counts_as_the_server_does(describe: Describe) -> None:
    """A text has as many words in JavaScript as in Python, in many scripts."""
    visit = describe()

    for text in TEXTS:
        assert (text, len(words(text))) == (text, _count(visit, text))


def test_every_character_counts_alike(describe: Describe) -> None:
    """Page and server agree on what is a letter, what a gap and what a mark."""
    visit = describe()
    signs = [
        chr(code)
        for code in range(0x20000)
        if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co"}
    ]

    differ = []
    for start in range(0, len(signs), 256):
        part = signs[start : start + 256]
        text = "\n".join(f"{sign} a{sign}b" for sign in part)
        if len(words(text)) != _count(visit, text):
            differ += [hex(ord(s)) for s in part if len(words(s)) != _count(visit, s)]

    assert [] == differ


def test_a_text_that_says_nothing_is_refused(describe: Describe) -> None:
    """Empty, short, long, repetitive and copied texts are told apart."""
    visit = describe(min_words=10, max_characters=200, rooms=None, ends_in=None)

    assert "Describe the way" == _refusal(visit)
    _write(visit, "Go to the door.")
    assert "Describe the way in 10 words or more; you wrote 4" == _refusal(visit)
    _write(visit, GOOD * 2)
    assert (
        f"Describe the way in 200 characters at most; you wrote {2 * len(GOOD)}"
        == _refusal(visit)
    )
    assert "Characters" in visit.text("#count")
    for text in ("left right " * 6, "Go out of the last door there " + "now " * 4):
        _write(visit, text)
        assert "Describe the way instead of repeating a few words" == _refusal(visit)
    _write(visit, GOOD)
    assert visit.send()


def test_the_server_refuses_what_the_page_would(describe: Describe) -> None:
    """Whatever the page blocks, the template does not read either."""
    visit = describe(min_words=10, max_characters=400, rooms=None, ends_in=None)
    ours = load_template("route-description").layout.messages["es"]["example.text.1"]
    for text in ("", "Go.", GOOD * 4, "left right " * 6, ours):
        _write(visit, text)
        assert _refusal(visit)
        told = list(
            visit.template.ballot.answer_faults(
                visit.task, {"description": text, "n_words": len(words(text))}
            )
        )
        assert told, text


def test_an_example_cannot_be_copied(describe: Describe) -> None:
    """Neither ours nor the requester's, whole, in part or with more around it."""
    messages = load_template("route-description").layout.messages
    copied = "Describe the way on this map; your text is that of an example"
    visit = describe(rooms=None, ends_in=None)
    for text in (
        messages["en"]["example.text.1"],
        messages["es"]["example.text.2"].upper(),
        "Well, so: " + messages["en"]["example.text.2"],
        " ".join(messages["en"]["example.text.1"].split()[:20]),
    ):
        _write(visit, text)
        assert copied == _refusal(visit)

    own = describe(
        rooms=None,
        ends_in=None,
        examples=[{"good": True, "text": GOOD, "why": "It is."}],
    )
    _write(own, GOOD)
    assert copied == _refusal(own)
    _write(own, messages["en"]["example.text.1"])
    assert own.send()


def test_words_of_the_map_are_warned_of(describe: Describe) -> None:
    """They are named while one writes, in the answer's language, and may be sent."""
    visit = describe()
    field = visit.page.locator("#description")

    field.press_sequentially("Find the map")
    assert visit.page.is_hidden("#warning")
    field.press_sequentially(", go north to the left edge")
    field.press_sequentially(" of the Green circle. ")
    for word in ("map", "north", "left edge", "green", "circle"):
        assert f"“{word}”" in visit.text("#warning")
    _write(visit, GOOD + " The room is green.", "Hall")
    expect(visit.page.locator("#warning")).to_contain_text("green")
    visit.page.fill("#description", GOOD)
    expect(visit.page.locator("#warning")).to_be_hidden()
    _write(visit, GOOD + " The room is green.")
    assert visit.send()["telemetry"]["counts"]["map_words"] > 1

    spanish = describe(answer_language="es-CL")
    _write(spanish, "Sigue al norte por el pasillo este verde. north")
    assert "“norte”" in spanish.text("#warning")
    assert "“north”" not in spanish.text("#warning")
    unknown = describe(answer_language="fi")
    _write(unknown, "map north ")
    assert unknown.page.is_hidden("#warning")


def test_a_paste_is_recorded_and_allowed(describe: Describe) -> None:
    """Its length and the number of keys are told, never what was typed."""
    visit = describe(rooms=None, ends_in=None)
    visit.page.locator("#description").press_sequentially("secretword ")
    visit.page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const field = document.getElementById("description");
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        GOOD,
    )
    visit.page.fill("#description", GOOD)

    told = visit.send()["telemetry"]

    assert [["paste", len(GOOD)]] == [
        event[1:] for event in told["events"] if event[1] == "paste"
    ]
    assert len("secretword ") == told["counts"]["keys"]
    assert "secret" not in str(told)


def test_examples_are_shown_with_their_own_map(describe: Describe) -> None:
    """Two good descriptions of one way and a bad one, with reasons, in the answer's language."""
    visit = describe(answer_language="es")
    examples = visit.page.locator("#examples")

    assert 1 == examples.get_by_role("img").count()
    assert [2, 1] == [examples.locator(f".{kind}").count() for kind in ("good", "bad")]
    assert ["Cocina", "Biblioteca"] == [
        name
        for name in examples.locator("svg text").all_text_contents()
        if name in {"Cocina", "Biblioteca", "Kitchen"}
    ]
    assert "Sal de la cocina" in examples.inner_text()
    assert "A good answer" in examples.inner_text()
    visit.page.select_option("#language", "es")
    assert "Una mala respuesta" in examples.inner_text()
    assert 3 == examples.locator("blockquote[lang=es]").count()

    own = describe(examples=[{"good": False, "text": "Hm.", "why": "It says nothing."}])
    assert 0 == own.page.locator("#examples svg").count()
    assert "It says nothing." in own.text("#examples")


def test_our_examples_are_good_ones() -> None:
    """They would pass the page's own checks, and only the bad one speaks of the map."""
    for code, said in load_template("route-description").layout.messages.items():
        listed = [f" {' '.join(words(word))} " for word in said["map_words"].split(",")]
        for n, is_good in ((1, True), (2, True), (3, False)):
            text = f" {' '.join(words(said[f'example.text.{n}']))} "
            assert len(text.split()) >= 15
            assert is_good != any(word in text for word in listed), (code, n)


def test_the_end_is_asked_for(describe: Describe, site: Any) -> None:
    """A room must be chosen; which is right is nowhere in the page."""
    visit = describe()
    _write(visit, GOOD)

    assert "Say in which room the way ends" == _refusal(visit)
    assert [] == site.posts
    assert "ends_in" not in visit.page.evaluate("byId('task').textContent")
    visit.page.get_by_role("radio", name="Attic").check()
    answer = visit.send()

    (thing,) = visit.template.gold(visit.task)
    assert "Attic" == dict(visit.template.votes(visit.task, answer))[thing]
    assert "Library" == visit.template.gold(visit.task)[thing]


def test_no_end_is_asked_for_without_rooms(describe: Describe) -> None:
    """The question is the requester's to ask."""
    visit = describe(rooms=None, ends_in=None)
    _write(visit, GOOD)

    assert visit.page.is_hidden("#rooms")
    assert "ends_in" not in visit.send()


def test_the_language_to_write_in_is_named(describe: Describe) -> None:
    """In the language of the page, which may be another; the field knows it for spelling."""
    visit = describe(answer_language="pt-BR")

    assert "Write in Brazilian Portuguese." == visit.text("#tongue")
    assert "pt-BR" == visit.page.get_attribute("#description", "lang")
    visit.page.select_option("#language", "es")
    assert "Escribe en portugués" in visit.text("#tongue")


def test_a_draft_of_a_description_is_restored(describe: Describe) -> None:
    """A reload brings text, room, count and warning back."""
    visit = describe()
    _write(visit, "Go to the green map.", "Hall")

    visit.page.reload()

    assert "Go to the green map." == visit.page.input_value("#description")
    assert visit.page.get_by_role("radio", name="Hall").is_checked()
    assert "Words: 5 of 15 or more" == visit.text("#count")
    assert "“green”" in visit.text("#warning")


def test_map_and_text_stand_side_by_side_where_there_is_room(
    describe: Describe,
) -> None:
    """On a wide screen the map stays beside the text, on a telephone it is above it."""
    visit = describe()
    sides = visit.page.locator(".side")
    for width, is_wide in ((1280, True), (360, False)):
        visit.page.set_viewport_size({"width": width, "height": 700})
        one, other = (sides.nth(n).bounding_box() for n in (0, 1))
        assert one
        assert other
        assert is_wide == (other["x"] >= one["x"] + one["width"])
        assert is_wide == (other["y"] < one["y"] + one["height"])


def _colour(visit: Visit, x: int, y: int, aside: int) -> tuple[int, ...]:
    """What is seen at a point of the map, some pixels of the screen aside."""
    left, top = visit.page.evaluate(ON_SCREEN, [x, y])
    clip = FloatRect(x=left + aside, y=top, width=1, height=1)
    png = visit.page.screenshot(clip=clip)
    pixel = Image.open(io.BytesIO(png)).convert("RGB").getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return tuple(int(value) for value in pixel)


def _near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(x - y) < 24 for x, y in zip(one, other, strict=True))


def _luminance(colour: tuple[int, int, int]) -> float:
    """The relative luminance of WCAG."""
    red, green, blue = (
        each / 255 / 12.92 if each < 11 else ((each / 255 + 0.055) / 1.055) ** 2.4
        for each in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
