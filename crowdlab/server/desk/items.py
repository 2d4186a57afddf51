"""The page of one HIT: what was asked, and every answer, drawn where it can be."""

from typing import Any

import attrs
from starlette.routing import Route

from crowdlab.marketplace.items import Item, find_item, find_question
from crowdlab.marketplace.overview import find_place_of_hit
from crowdlab.marketplace.submissions import Submission, find_answers_to
from crowdlab.marketplace.tallies import Bonus, find_bonuses
from crowdlab.server.desk.addresses import paths
from crowdlab.server.desk.charts import meter
from crowdlab.server.desk.drawings import (
    Answers,
    Scene,
    count_labels,
    draw,
    find_pictures,
    is_picture,
)
from crowdlab.server.desk.office import Office, Visit
from crowdlab.server.desk.rows import AnswerRow, make_row
from crowdlab.server.desk.tasks import Asked, read_answer, read_asked
from crowdlab.server.desk.views import View
from crowdlab.server.desk.visits import seen

__all__ = ["Items"]

#: Answers that a page shows; a HIT may have a billion.
MOST_ANSWERS = 200


@attrs.frozen
class Items:
    """The pages of HITs."""

    office: Office

    def routes(self) -> list[Route]:
        """Its pages, and their JSON."""
        return paths("/hits/{hit_id}", self.show)

    @seen
    def show(self, visit: Visit) -> View:
        """A HIT with its answers."""
        hit_id = visit.request.path_params["hit_id"]
        item = visit.requester.read(find_item, hit_id)
        asked = read_asked(visit.requester.read(find_question, hit_id), item.name)
        found = visit.requester.read(find_answers_to, item.key, most=MOST_ANSWERS)
        rows = [make_row(answer, asked) for answer in found]
        bonuses = _bonuses(visit, found)
        data = {
            "item": item,
            "done": item.done,
            "template": asked.template,
            "input": asked.task.input if asked.task else None,
            "answers": rows,
            "bonuses": bonuses,
        }
        return View("item", data, self._extras(visit, item, asked, found, rows))

    def _extras(
        self,
        visit: Visit,
        item: Item,
        asked: Asked,
        found: list[Submission],
        rows: list[AnswerRow],
    ) -> dict[str, Any]:
        place = visit.requester.read(find_place_of_hit, item.key)
        answers: Answers = [
            (each.worker_id, each.assignment_id, read_answer(asked, each.xml))
            for each in found
            if each.status != "Rejected"
        ]
        drawing = draw(asked.task, answers)
        is_scene = isinstance(drawing, Scene)
        content = asked.task.input if asked.task else {}
        return {
            "place": place,
            "asked": asked,
            "meter": meter(item),
            "scene": drawing if is_scene else None,
            "tiles": () if is_scene else drawing or (),
            "labels": [] if drawing else count_labels(answers),
            "pictures": [] if drawing else find_pictures(content),
            "content": _content(content),
            "n_hidden": item.done - len(rows),
            "tab": "item",
        }


def _bonuses(visit: Visit, found: list[Submission]) -> dict[str, list[Bonus]]:
    return {
        answer.assignment_id: visit.requester.read(find_bonuses, answer.key)
        for answer in found
    }


def _content(content: Any) -> list[tuple[str, Any]]:
    """What a task says in words and numbers; pictures are shown as such."""
    return [
        (name, value)
        for name, value in content.items()
        if isinstance(value, str | int | float) and not is_picture(value)
    ]
