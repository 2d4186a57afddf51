"""Following a description on a map in fog."""

import io
import itertools
import json
import random
import re
from typing import Any

import pytest
import shapely
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from crowdlab.maps import follow_tasks, load_plan, read_plan
from tests.pages.conftest import Open
from tests.pages.site import Visit

pytestmark = pytest.mark.browser

# Two rooms of 5 by 6 metres side by side, with a door in the middle.
PLAN = read_plan(
    {
        "schema": "crowdlab.plan/1",
        "name": "flat",
        "title": "Flat",
        "width": 600,
        "height": 400,
        "metres_per_pixel": 0.02,
        "inner_wall": 8,
        "outer_wall": 8,
        "rooms": [
            {"id": "hall", "name": "Hall", "kind": "corridor",
             "outline": [[50, 50], [300, 50], [300, 350], [50, 350]]},
            {"id": "study", "name": "Study", "kind": "office",
             "outline": [[300, 50], [550, 50], [550, 350], [300, 350]]},
        ],
        "doors": [{"between": ["hall", "study"], "at": [300, 200], "kind": "opening"}],
    }
)  # fmt: skip
START, GOAL = [100, 200], [500.25, 217.75]
ROUTE = [START, [300, 200], GOAL]
HOSTILE = """</script><img src=x onerror="document.title='mine'"> <!-- ]]> &"""
PLACE = """([x, y]) => {
  document.querySelector(".scene").scrollIntoView();
  const map = document.querySelector(".scene image").getBoundingClientRect();
  return [map.x + x * map.width / 600, map.y + y * map.height / 400];
}"""
DARK = (0xC9, 0xC7, 0xC0)


def _row(text: str = "Go through the door.", **settings: Any) -> dict[str, Any]:
    facts = {"radius_metres": 3.0, **settings}
    (row,) = follow_tasks(PLAN, [{"text": text, "route": ROUTE}], **facts)
    return row


def _open(open_task: Open, **settings: Any) -> Visit:
    visit = open_task(_row(**settings), "route-follow")
    visit.page.wait_for_selector("#submit:enabled")
    return visit


def _place(visit: Visit, x: float, y: float) -> tuple[float, float]:
    """Where the point of the map is on the screen."""
    left, top = visit.page.evaluate(PLACE, [x, y])
    return left, top


def _click(visit: Visit, x: float, y: float) -> None:
    visit.page.mouse.click(*_place(visit, x, y))


def _hold(visit: Visit, *keys: str, until: str) -> None:
    """Holds keys down until the walker is there: a pattern of its x and y."""
    visit.page.locator(".scene").focus()
    for key in keys:
        visit.page.keyboard.down(key)
    there = re.compile(rf"translate\({until}\) ")
    expect(visit.page.locator(".walker")).to_have_attribute("transform", there)
    for key in keys:
        visit.page.keyboard.up(key)


def _walked(visit: Visit, metres: str) -> None:
    expect(visit.page.locator("#state")).to_have_text(f"Walked: {metres} m")


def _path(visit: Visit) -> list[list[float]]:
    path: list[list[float]] = visit.page.evaluate("ours.answer().path")
    return path


def _judge(visit: Visit, verdict: str = "I have arrived") -> None:
    visit.page.get_by_label(verdict).check()
    visit.page.get_by_label("Fairly").check()


def test_nothing_says_where_the_goal_is(open_task: Open) -> None:
    """Neither goal nor way nor plan is in the page, what it sends, or what it asks for."""
    visit = _open(open_task)
    numbers = [str(part) for part in GOAL]

    _click(visit, 200, 200)
    _walked(visit, "2")
    _judge(visit)
    visit.send()

    (post,) = visit.site.posts
    _, html = visit.site.documents[f"/{visit.task.task_id}"]
    given = set(
        json.loads(html.decode().split('id="task">')[1].split("</script>")[0])["input"]
    )
    assert {"plan", "goal", "route", "threshold_metres"} == set(
        visit.task.input
    ) - given - {"reasons"}
    for number in numbers:
        assert number not in html.decode()
        assert number not in post.fields["answer"][0]
        assert not any(number in url for url in visit.requests)
    wire = [url for url in visit.requests if not url.startswith("data:")]
    assert [visit.url, f"{visit.site.address}/mturk/externalSubmit"] == wire


def test_one_goes_where_one_sees(open_task: Open) -> None:
    """A click goes to a visible place; neither into the dark nor through a wall."""
    visit = _open(open_task)

    _click(visit, 100, 300)
    _walked(visit, "2")
    _click(visit, 280, 300)
    expect(visit.page.locator("#told")).to_have_text(
        "You cannot see that far from here."
    )
    _click(visit, 100, 370)
    expect(visit.page.locator("#told")).to_have_text("A wall is in the way.")
    _click(visit, 230, 300)
    _walked(visit, "4.6")
    assert "" == visit.text("#told")
    _click(visit, 330, 300)
    expect(visit.page.locator("#told")).to_have_text("A wall is in the way.")

    _judge(visit)
    answer = visit.send()
    assert pytest.approx([230, 300], abs=0.6) == answer["path"][-1]
    assert 3 == answer["telemetry"]["counts"]["blocked"]


def test_walking_back_counts(open_task: Open) -> None:
    """Nothing is undone: the way back is in the path, and in its score."""
    visit = _open(open_task)

    for x, metres in ((200, "2"), (100, "4"), (200, "6")):
        _click(visit, x, 200)
        _walked(visit, metres)
    _judge(visit)

    answer = visit.send()
    measures = visit.template.score(visit.task, answer)
    assert measures is not None
    assert 6 == pytest.approx(measures["walked_metres"], abs=0.1)
    assert measures["back_steps"] >= 7
    assert not measures["success"]


def test_a_verdict_is_needed(open_task: Open) -> None:
    """Arrived or why not, and how clear the text is; nobody arrives without a step."""
    visit = _open(open_task)

    visit.page.click("#submit")
    assert [
        "Say whether you arrived",
        "Rate how clear the description is",
    ] == visit.text("#error-list").splitlines()
    _judge(visit)
    visit.page.click("#submit")
    assert "Walk first" in visit.text("#error-list")
    visit.page.click("#error-list a")
    assert visit.page.locator(".scene:focus").count()
    visit.page.get_by_label("I cannot follow it").check()
    visit.page.click("#submit")
    assert "Say why: tick a reason, or write one" == visit.text("#error-list")
    visit.page.get_by_label("A step is missing").check()

    answer = visit.send()
    assert (False, ["missing"], 3) == (
        answer["arrived"],
        answer["reasons"],
        answer["clarity"],
    )
    assert [START] == answer["path"]


def test_path_and_times_are_restored(open_task: Open) -> None:
    """A reload finds the walker, the path, its times and the verdict as they were."""
    visit = _open(open_task)
    _click(visit, 180, 200)
    _walked(visit, "1.6")
    _judge(visit)
    before = visit.page.evaluate("ours.answer()")

    visit.page.reload()

    _walked(visit, "1.6")
    assert before == visit.page.evaluate("ours.answer()")
    _click(visit, 280, 200)
    _walked(visit, "3.6")
    answer = visit.send()
    assert before["path"] == answer["path"][: len(before["path"])]
    assert before["times"] == answer["times"][: len(before["times"])]
    assert answer["times"][-1] > before["times"][-1] > before["times"][0] == 0


def test_a_walk_to_the_goal_is_scored_by_the_server(open_task: Open) -> None:
    """Through the door and up to the goal by clicks: a yes, and nearly the way itself."""
    visit = _open(open_task)

    for x, y, metres in ((240, 200, "2.8"), (380, 200, "5.6"), (495, 215, "7.9")):
        _click(visit, x, y)
        _walked(visit, metres)
    _judge(visit)

    answer = visit.send()
    measures = visit.template.score(visit.task, answer)
    assert [(visit.task.name, "yes")] == visit.template.votes(visit.task, answer)
    assert measures is not None
    assert measures["navigation_error"] < 0.3
    assert measures["ndtw"] > 0.95
    assert "ndtw" not in visit.site.posts[0].fields["answer"][0]


def test_walls_stop_who_runs(open_task: Open) -> None:
    """An arrow held down runs as far as a body's width from the wall."""
    visit = _open(open_task)

    _hold(visit, "ArrowUp", until=r"100 64(\.\d+)?")
    _judge(visit)

    assert pytest.approx([100, 64], abs=0.01) == visit.send()["path"][-1]


def test_no_step_jumps_a_wall(open_task: Open) -> None:
    """However long a step is, it does not end behind a wall."""
    visit = _open(open_task)

    ends = visit.page.evaluate(
        """() => {
          const {step} = crowdlab.ground(input.walls);
          return [[300, -90], [300, 0], [0, 300]].map(([dx, dy]) => step({x: 100, y: 200}, dx, dy, 10));
        }"""
    )

    assert [{"x": 100, "y": 200}, {"x": 400, "y": 200}, {"x": 100, "y": 200}] == ends


def test_a_frame_may_be_as_old_as_its_click(open_task: Open) -> None:
    """Where no time has passed at the first frame, the walk begins at the next."""
    visit = _open(open_task)
    visit.page.evaluate(
        """() => {
          const [ask, now] = [requestAnimationFrame, performance.now()];
          performance.now = () => now;
          window.requestAnimationFrame = (act) => {
            window.requestAnimationFrame = ask;
            delete performance.now;
            return ask(() => act(now));
          };
        }"""
    )

    _click(visit, 200, 200)

    _walked(visit, "2")


def test_one_slides_along_a_wall(open_task: Open) -> None:
    """Two arrows go aslant; at a wall what leads along it is left, up to the corner."""
    visit = _open(open_task)

    _hold(visit, "ArrowUp", "ArrowRight", until=r"286(\.\d+)? 64(\.\d+)?")
    _judge(visit)

    assert visit.send()["path"]


def test_a_press_of_an_arrow_is_a_step(open_task: Open) -> None:
    """Half a metre each; with Shift the map moves instead, with + and 0 it zooms."""
    visit = _open(open_task)
    scene = visit.page.locator(".scene")

    for key, metres in (
        ("ArrowRight", "0.5"),
        ("ArrowRight", "1"),
        ("ArrowDown", "1.5"),
    ):
        scene.press(key)
        _walked(visit, metres)
    box = scene.get_attribute("viewBox")
    scene.press("Shift+ArrowRight")
    assert box != scene.get_attribute("viewBox")
    scene.press("0")
    assert "0 0 600 400" == scene.get_attribute("viewBox")

    assert pytest.approx([150, 225]) == _path(visit)[-1]


def test_arrows_elsewhere_do_not_walk(open_task: Open) -> None:
    """Only while the map has the focus."""
    visit = _open(open_task)

    visit.page.get_by_label("I cannot follow it").check()
    visit.page.locator("#comment").press("ArrowUp")
    visit.page.locator("[name=clarity]").first.press("ArrowRight")

    assert [START] == _path(visit)


def test_a_dragged_map_walks_nowhere(open_task: Open) -> None:
    """Dragging moves the map; the walker stays."""
    visit = _open(open_task)
    scene = visit.page.locator(".scene")
    scene.press("+")
    box = scene.get_attribute("viewBox")
    x, y = _place(visit, 150, 200)

    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x - 60, y, steps=3)
    visit.page.mouse.up()

    assert box != scene.get_attribute("viewBox")
    assert [START] == _path(visit)


def test_a_tap_walks(open_task: Open, context: BrowserContext) -> None:
    """A finger is as good as a mouse, on a phone."""
    assert context.browser
    phone = context.browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = phone.new_page()
    visit = open_task(_row(), "route-follow", page=page)
    visit.page.wait_for_selector("#submit:enabled")

    visit.page.touchscreen.tap(*_place(visit, 150, 200))
    _walked(visit, "1")

    _judge(visit)
    assert visit.send()["telemetry"]["touch"]
    phone.close()


def test_who_wants_less_motion_gets_none(open_task: Open) -> None:
    """A step is there at once, and so is a place that one goes to."""
    visit = _open(open_task)
    visit.page.emulate_media(reduced_motion="reduce")
    visit.page.reload()
    visit.page.wait_for_selector("#submit:enabled")

    visit.page.locator(".scene").press("ArrowRight")
    assert [[100, 200], [125, 200]] == _path(visit)
    _click(visit, 200, 200)

    assert pytest.approx([200, 200], abs=0.6) == _path(visit)[-1]


def _colours(visit: Visit, points: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    picture = Image.open(io.BytesIO(visit.page.screenshot())).convert("RGB")
    found = [
        picture.getpixel((round(x), round(y)))
        for x, y in (_place(visit, *p) for p in points)
    ]
    return [colour for colour in found if isinstance(colour, tuple)]


def test_fog_hides_what_is_not_in_sight(open_task: Open) -> None:
    """What is far, and what is near but behind a wall, is dark; the rest is seen."""
    visit = _open(open_task)
    visit.page.locator(".scene").press("0")
    _click(visit, 240, 300)
    expect(visit.page.locator("#told")).to_have_text(
        "You cannot see that far from here."
    )
    _click(visit, 240, 200)
    _walked(visit, "2.8")
    visit.page.locator(".scene").press("0")

    seen = _colours(visit, [(200, 150), (280, 260), (340, 200), (270, 100)])
    hidden = _colours(visit, [(330, 100), (330, 300), (520, 200), (80, 200), (20, 20)])

    assert DARK not in seen
    assert {DARK} == set(hidden)


@pytest.mark.parametrize("visibility", ["no_labels", "full"])
def test_without_fog_all_is_seen(open_task: Open, visibility: str) -> None:
    """The whole map is there, and walls are walls all the same."""
    visit = _open(open_task, visibility=visibility)

    assert DARK not in _colours(visit, [(330, 100), (520, 200), (80, 200)])
    _click(visit, 520, 100)
    expect(visit.page.locator("#told")).to_have_text("A wall is in the way.")
    _click(visit, 500, 200)
    _walked(visit, "8")

    assert pytest.approx([500, 200], abs=0.8) == _path(visit)[-1]


def test_the_page_and_the_server_agree_on_walls(open_task: Open) -> None:
    """From random places of a real plan both see the same, and the fog lifts just there."""
    plan = load_plan("house")
    said = {"text": "Go.", "route": ["Garage", "Kitchen"]}
    (row,) = follow_tasks(plan, [said])
    visit = open_task(row, "route-follow")
    lot = random.Random(0)
    points = [[lot.uniform(60, 940), lot.uniform(60, 690)] for _ in range(400)]
    inside = [p for p in points if plan.floor.free.covers(shapely.Point(p))]
    pairs = list(itertools.pairwise(inside))

    script = """([pairs, radius]) => {
      const ground = crowdlab.ground(input.walls);
      const [x, y] = pairs[0][0];
      return [
        pairs.map(([[a, b], [c, d]]) => ground.sees({x: a, y: b}, {x: c, y: d})),
        pairs.map(([[a, b]]) => ground.view({x: a, y: b}, radius, 0)),
      ];
    }"""
    sees, views = visit.page.evaluate(script, [pairs, row["radius"]])

    assert len(pairs) > 200
    lines = shapely.linestrings(pairs)
    assert shapely.covers(plan.floor.free, lines).tolist() == sees
    assert 0 < sum(sees) < len(sees)
    for (place, _), outline in zip(pairs[:50], views, strict=False):
        assert all(plan.sees(place, point) for point in outline)


def test_a_walk_does_not_grow_without_end(open_task: Open) -> None:
    """Straight legs are two points and their times; who has gone too far is told."""
    visit = _open(open_task)
    _click(visit, 200, 200)
    _walked(visit, "2")
    assert len(_path(visit)) <= 3

    many = {"path": [START] * 4000, "times": [0] * 4000}
    visit.page.evaluate("(walked) => ours.restore({...ours.save(), walked})", many)
    visit.page.locator(".scene").press("ArrowRight")

    expect(visit.page.locator("#told")).to_contain_text("You have walked too far")
    assert 4000 == len(_path(visit))


def test_a_hostile_description_is_text(open_task: Open) -> None:
    """Markup of the worker who wrote it is shown, not run."""
    visit = _open(open_task, text=HOSTILE)

    assert HOSTILE == visit.page.text_content("#text")
    assert "Follow a description" == visit.page.title()


def test_a_question_holds_the_office(open_task: Open) -> None:
    """A plan of real size fits into a question, in whichever language."""
    plan = load_plan("office")
    said = {"text": "Go along the corridor. " * 20, "route": ["Reception", "Kitchen"]}
    (row,) = follow_tasks(plan, [said])
    visit = _open(open_task)
    task = visit.template.task(row, "row 1")

    for language in visit.template.languages:
        xml = visit.template.question(
            task.input, task_id=task.task_id, language=language
        )
        assert len(xml.encode()) < 65_535
