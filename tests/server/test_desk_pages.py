"""The requester's desk in a browser: what is seen, kept, and told as it happens."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from crowdlab.lab import Lab
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.marketplace.problems import report_problem
from crowdlab.server import find_origins, open_markets
from crowdlab.templates import load_template
from tests.server.conftest import KEYS, Server, start
from tests.server.desks import ANSWERERS, answer_all, hit_ids, publish_texts

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='run'\"><script>1</script>"
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4"
    "2mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
BOXES = [
    {"cls": "Box", "kind": "box", "bbox": [10, 10, 30, 20]},
    {"cls": HOSTILE, "kind": "box", "bbox": [50, 40, 20, 20]},
]


@attrs.frozen
class Office:
    """A server with batches of several kinds, and a requester's browser."""

    server: Server
    market: Marketplace
    clock: ManualClock
    page: Page

    @property
    def home(self) -> str:
        """The desk's address."""
        return f"{self.server.url}/desk/production"

    def open(self, path: str = "") -> Page:
        """A page of the desk."""
        self.page.goto(f"{self.home}{path}")
        return self.page


def _publish(folder: Path, market: Any, name: str, template: str, row: Any) -> None:
    with Lab(folder / f"{name}.db", endpoint=market) as lab:
        lab.create(name, template=template, inputs=[row], reward="0.10", assignments=3)
        lab.publish(name)


def _answer(
    market: Marketplace, batch: str, template: str, row: Any, said: Any
) -> None:
    loaded = load_template(template)
    (name, hit_id), *_ = hit_ids(market, batch).items()
    for worker in ANSWERERS[:2]:
        market.register(worker)
        fields = loaded.answer(loaded.task(row, "row"), said)
        market.submit(worker, market.accept(worker, hit_id), fields)
    assert name == row["task"]


def _furnish(folder: Path, market: Marketplace, clock: ManualClock) -> None:
    """Texts with hostile feedback, tiles, regions, and a problem."""
    publish_texts(folder, market)
    answer_all(market, market, clock, said={"feedback": HOSTILE})
    tiles = {"task": "grid", "target": HOSTILE, "images": [PIXEL, f"{PIXEL}#2"[:-2]]}
    shelf = {
        "task": "shelf",
        "image": PIXEL,
        "width": 100,
        "height": 80,
        "classes": ["Box", HOSTILE],
    }
    for batch, template, row, said in (
        ("tiles", "image-selection", tiles, {"grid/1": "yes", "grid/2": "no"}),
        ("regions", "region-annotation", shelf, {"shelf": BOXES}),
    ):
        _publish(folder, market, batch, template, row)
        _answer(market, batch, template, row, said)
    hit_id = next(iter(hit_ids(market, "tiles").values()))
    market.visit(report_problem, ANSWERERS[0], hit_id, "broken", HOSTILE)


@pytest.fixture(scope="module")
def office(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An open server, furnished once for all tests that only look."""
    clock = ManualClock()
    with open_markets(None, clock) as markets, start(markets) as port:
        server = Server(
            f"http://127.0.0.1:{port}", markets, find_origins("127.0.0.1", port)
        )
        _furnish(tmp_path_factory.mktemp("desk"), markets.production, clock)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        yield Office(server, markets.production, clock, page)
        page.close()


def _addresses(office: Office) -> dict[str, str]:
    hits = {
        batch: next(iter(hit_ids(office.market, batch).values()))
        for batch in ("texts", "tiles", "regions")
    }
    return {
        "the first page": "",
        "progress": "/batches/texts",
        "regions": "/batches/regions",
        "items": "/batches/texts/items",
        "answers": "/batches/texts/answers",
        "workers": "/batches/texts/workers",
        "problems": "/batches/tiles/problems",
        "a text": f"/hits/{hits['texts']}",
        "tiles": f"/hits/{hits['tiles']}",
        "a picture": f"/hits/{hits['regions']}",
        "a worker": f"/workers/{ANSWERERS[0]}",
        "nothing": "/batches/none",
    }


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_everybody_can_use_it(office: Office, width: int, scheme: Any) -> None:
    """No page has a fault that axe knows, on a desk or a phone, by day or by night."""
    office.page.set_viewport_size({"width": width, "height": 800})
    office.page.emulate_media(color_scheme=scheme)
    for name, path in _addresses(office).items():
        page = office.open(path)
        found = Axe().run(page).response["violations"]
        assert [(name, fault["id"]) for fault in found] == []


def test_a_narrow_page_does_not_scroll_sideways(office: Office) -> None:
    """At 320 pixels every page fits, and what is pressed is large enough."""
    office.page.set_viewport_size({"width": 320, "height": 640})
    for name, path in _addresses(office).items():
        page = office.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        sizes = page.locator("button, .pick, .choices a").evaluate_all(
            "all => all.map(e => Math.min(e.offsetWidth, e.offsetHeight))"
        )
        assert min(sizes, default=24) >= 24, name
    office.page.set_viewport_size({"width": 1280, "height": 900})


def test_hostile_answers_are_text(office: Office) -> None:
    """Whatever workers write, and tasks hold, is shown and does not run."""
    for name, path in _addresses(office).items():
        page = office.open(path)
        for details in page.locator("details").all():
            details.locator("summary").click()
        assert page.title() != "run", name
        if name in {"a text", "problems"}:
            expect(page.get_by_text("<img src=x onerror").first).to_be_visible()


def test_regions_lie_over_the_picture(office: Office) -> None:
    """Every box is where its worker drew it, in the picture's own pixels."""
    page = office.open(_addresses(office)["a picture"])
    picture = page.locator(".scene > svg > image").bounding_box()
    box = page.locator(".scene .shape").first.bounding_box()
    assert picture
    assert box
    scale = picture["width"] / 100

    assert page.locator(".scene .shape").count() == 4
    assert box["x"] - picture["x"] == pytest.approx(10 * scale, abs=2)
    assert box["y"] - picture["y"] == pytest.approx(10 * scale, abs=2)
    assert box["width"] == pytest.approx(30 * scale, abs=4)


def test_a_workers_regions_can_be_hidden(office: Office) -> None:
    """Each worker's drawing can be taken away and brought back."""
    page = office.open(_addresses(office)["a picture"])
    shapes = page.locator(".scene .shape")
    box = page.get_by_role("checkbox", name=ANSWERERS[0], exact=True)
    box.uncheck()
    expect(shapes.nth(0)).to_be_hidden()
    expect(shapes.nth(2)).to_be_visible()

    box.check()
    expect(shapes.nth(0)).to_be_visible()


def test_tiles_carry_their_votes(office: Office) -> None:
    """Each tile says how many chose it, and what the most say."""
    page = office.open(_addresses(office)["tiles"])

    expect(page.locator(".tiles li")).to_have_text(["2 of 2 yes", "0 of 2"])


def test_nothing_is_asked_of_other_hosts(office: Office) -> None:
    """The desk's own files are all it loads; pictures come with the task."""
    hosts: set[str] = set()
    page = office.page
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in _addresses(office).values():
        office.open(path)

    assert {host for host in hosts if host} <= {office.server.url.split("/")[2]}


@pytest.fixture
def fresh(
    browser: Browser, clock: ManualClock, tmp_path: Path
) -> Iterator[tuple[Office, Path]]:
    """A server of one's own, with keys, and a requester who signed in."""
    with open_markets(None, clock) as markets, start(markets, keys=KEYS) as port:
        server = Server(
            f"http://127.0.0.1:{port}", markets, find_origins("127.0.0.1", port)
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(10_000)
        page.goto(f"{server.url}/desk")
        page.get_by_label("Access key id").fill("AKIAANA")
        page.get_by_label("Secret access key").fill("sesame")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk/production")
        yield Office(server, markets.production, clock, page), tmp_path
        page.close()


def test_from_publishing_to_a_decision(
    fresh: tuple[Office, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published over the wire, answered, reviewed at the desk, and told to the worker."""
    office, folder = fresh
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAANA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")
    publish_texts(folder, office.server.url, n=2)
    ana = office.market.requester("ana")
    one, other, *_ = answer_all(office.market, ana, office.clock, workers=ANSWERERS[:2])
    page = office.open()
    page.get_by_role("link", name="texts").click()
    page.get_by_role("link", name="4 to review").click()
    page.locator(f"#pick-{one}").check()
    page.get_by_role("button", name="Approve chosen", exact=True).click()
    expect(page.get_by_text("1 answer approved.")).to_be_visible()
    page.locator(f"#pick-{other}").check()
    page.get_by_label("What to tell the workers").fill("It is not wet.")
    page.get_by_role("button", name="Reject chosen").click()
    expect(page.get_by_text("1 answer rejected.")).to_be_visible()

    outcomes = [
        office.market.work(worker, assignment).status
        for worker, assignment in zip(ANSWERERS, (one, other), strict=False)
    ]
    assert outcomes == ["Approved", "Rejected"]
    page.reload()
    expect(page.get_by_text("1 answer rejected.")).to_have_count(0)


def test_it_is_live(fresh: tuple[Office, Path]) -> None:
    """New answers appear without a reload; what was chosen and typed stays."""
    office, folder = fresh
    ana = office.market.requester("ana")
    publish_texts(folder, ana, n=2)
    first, *_ = answer_all(office.market, ana, office.clock, workers=ANSWERERS[:1])
    page = office.open("/batches/texts/answers")
    page.evaluate("window.kept = true")
    page.locator(f"#pick-{first}").check()
    reason = page.get_by_label("What to tell the workers")
    reason.fill("Not yet sure")
    answer_all(office.market, ana, office.clock, workers=ANSWERERS[1:2])

    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.locator(f"#pick-{first}")).to_be_checked()
    expect(reason).to_have_value("Not yet sure")
    expect(reason).to_be_focused()
    assert page.evaluate("window.kept")


def test_progress_is_announced_and_can_be_paused(
    fresh: tuple[Office, Path],
) -> None:
    """Who listens hears of new answers; who pauses is left alone."""
    office, folder = fresh
    ana = office.market.requester("ana")
    publish_texts(folder, ana, n=2)
    page = office.open("/batches/texts")
    answer_all(office.market, ana, office.clock, workers=ANSWERERS[:1])
    expect(page.locator("#said")).to_have_text("2 of 6 answers, 2 to review")
    page.get_by_role("button", name="Pause updates").click()
    looks: list[str] = []
    page.on("request", lambda request: looks.append(request.url))
    answer_all(office.market, ana, office.clock, workers=ANSWERERS[1:2])
    page.get_by_role("button", name="Resume updates").click()

    expect(page.locator("#said")).to_have_text("4 of 6 answers, 4 to review")
    assert len(looks) == 1
    changed = json.loads(
        page.request.get(page.url, headers={"X-Live": "figures=0"}).body()
    )
    assert set(changed["parts"]) == {"figures"}
