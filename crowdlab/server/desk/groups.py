"""The pages of one group: its progress, items, answers, workers and problems."""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import attrs
from starlette.routing import Route

from crowdlab.marketplace.items import Item, find_items, find_reports
from crowdlab.marketplace.overview import Group, find_group
from crowdlab.marketplace.submissions import Submission, find_answers
from crowdlab.marketplace.tallies import find_tallies
from crowdlab.server.desk.addresses import named, paths
from crowdlab.server.desk.charts import draw_arrivals, draw_times, meter
from crowdlab.server.desk.exports import method_names
from crowdlab.server.desk.office import Office, Visit
from crowdlab.server.desk.rows import read_rows
from crowdlab.server.desk.standing import Standing, Standings, find_progress
from crowdlab.server.desk.views import View
from crowdlab.server.desk.visits import seen

__all__ = ["Groups"]

PAGE = 50
START = (0, -1, -1)
#: Digits that no number of a store has.
LONG = 18
#: Milliseconds until the next look while answers are still being read.
SOON = 250
MOST_REPORTS = 500
ITEM_FILTERS = ("all", "review", "open")
ANSWER_FILTERS = ("all", "Submitted", "Approved", "Rejected")


@attrs.frozen
class Groups:
    """The pages of one group."""

    office: Office
    standings: Standings

    def routes(self) -> list[Route]:
        """Its pages, and their JSON."""
        one = "/{folder}/{name}"
        return [
            *paths(f"{one}/items", self.show_items),
            *paths(f"{one}/answers", self.show_answers),
            *paths(f"{one}/workers", self.show_workers),
            *paths(f"{one}/problems", self.show_problems),
            *paths(one, self.show),
        ]

    @seen
    def show(self, visit: Visit) -> View:
        """How far a group is, what it costs, how its answers agree."""
        standing = self._standing(visit)
        group, crowd = standing.group, standing.crowd
        now = dt.datetime.fromtimestamp(visit.now, tz=dt.UTC)
        progress = find_progress(visit.requester, group, now)
        data = {
            "group": group,
            "done": group.done,
            "wanted": group.wanted,
            "progress": progress,
            "n_read": crowd.n_read,
            "is_read": standing.is_read,
            "n_faulty": crowd.n_faulty,
            "is_sample": crowd.is_sample,
            "kind": standing.reading.kind,
            "agreement": crowd.agreement,
            "pace": crowd.pace,
            "n_workers": len(crowd.workers),
            "concerning": [each for each in crowd.workers if each.reasons][:5],
        }
        drawings = {
            "meter": meter(group),
            "arrivals": draw_arrivals(group, progress.arrivals, now),
            "times": draw_times(crowd.seconds),
            "methods": method_names(standing.reading.kind),
            "pause": None if standing.is_read else SOON,
        }
        return _view("group", group, data, **drawings)

    @seen
    def show_items(self, visit: Visit) -> View:
        """The HITs of a group."""
        standing = self._standing(visit)
        which = _choice(visit, ITEM_FILTERS)
        items = visit.requester.read(
            find_items,
            standing.group.place,
            which=which,
            start=_number(visit.asked("after")) + 1,
            most=PAGE + 1,
        )
        shown = items[:PAGE]
        rows = [_item_row(item, standing) for item in shown]
        data = {"which": which, "items": rows, "next": _next_item(items)}
        return _view(
            "items",
            standing.group,
            data,
            choices=ITEM_FILTERS,
            meters={item.hit_id: meter(item) for item in shown},
        )

    @seen
    def show_answers(self, visit: Visit) -> View:
        """The answers to a group, item by item."""
        group = self._group(visit)
        which = _choice(visit, ANSWER_FILTERS)
        found = visit.requester.read(
            find_answers,
            group.place,
            which=which,
            after=_position(visit.asked("after")),
            most=PAGE + 1,
        )
        data = {
            "which": which,
            "answers": read_rows(visit.requester, found[:PAGE]),
            "next": _next_answer(found),
        }
        return _view("answers", group, data, choices=ANSWER_FILTERS)

    @seen
    def show_workers(self, visit: Visit) -> View:
        """Who answered, and what their answers show; where to look comes first."""
        standing = self._standing(visit)
        tallies = {
            tally.worker_id: tally
            for tally in visit.requester.read(find_tallies, standing.group.place)
        }
        start = _number(visit.asked("after"))
        figures = standing.crowd.workers
        rows = [
            {"figures": each, "tally": tallies.get(each.worker)}
            for each in figures[start : start + PAGE]
        ]
        more = start + PAGE if start + PAGE < len(figures) else None
        data = {
            "workers": rows,
            "n_workers": len(figures),
            "known": [_line(*pair) for pair in standing.known.items()],
            "is_read": standing.is_read,
            "next": more,
        }
        pause = None if standing.is_read else SOON
        return _view("workers", standing.group, data, pause=pause)

    @seen
    def show_problems(self, visit: Visit) -> View:
        """What workers reported."""
        group = self._group(visit)
        problems = visit.requester.read(find_reports, group.place, most=MOST_REPORTS)
        return _view("problems", group, {"problems": problems})

    def _group(self, visit: Visit) -> Group:
        return visit.requester.read(find_group, *named(visit.request.path_params))

    def _standing(self, visit: Visit) -> Standing:
        return self.standings.find(
            visit.market.environment,
            visit.requester,
            visit.name,
            named(visit.request.path_params),
        )


def _line(*cells: str) -> str:
    """The cells as a line of a CSV file, as they are read back."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _view(page: str, group: Group, data: Mapping[str, Any], **extras: Any) -> View:
    known = {name: value for name, value in extras.items() if value is not None}
    return View(page, data, {"group": group, "tab": page, **known})


def _item_row(item: Item, standing: Standing) -> dict[str, Any]:
    agreement = standing.crowd.by_item.get(item.key)
    return {**attrs.asdict(item), "done": item.done, "agreement": agreement}


def _choice(visit: Visit, choices: tuple[str, ...]) -> str:
    wanted = visit.asked("show", choices[0])
    return wanted if wanted in choices else choices[0]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONG else 0


def _position(text: str) -> tuple[int, int, int]:
    """The place of an answer as an address has it: item, time and key."""
    parts = text.split(".")
    if len(parts) != len(START) or not all(map(_number, parts)):
        return START
    item, since, key = map(_number, parts)
    return item, since, key


def _next_item(items: list[Item]) -> str | None:
    return str(items[PAGE - 1].key) if len(items) > PAGE else None


def _next_answer(answers: list[Submission]) -> str | None:
    if len(answers) <= PAGE:
        return None
    last = answers[PAGE - 1]
    return f"{last.item}.{int(last.submitted.timestamp())}.{last.key}"
