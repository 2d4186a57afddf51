"""The page of one worker: what they answered for this requester."""

import attrs
from starlette.routing import Route

from crowdlab.errors import NotFound
from crowdlab.marketplace.submissions import find_worker_answers
from crowdlab.marketplace.tallies import find_block
from crowdlab.server.desk.addresses import paths
from crowdlab.server.desk.office import Office, Visit
from crowdlab.server.desk.rows import read_rows
from crowdlab.server.desk.views import View
from crowdlab.server.desk.visits import seen

__all__ = ["Workers"]

PAGE = 50
NEWEST = 2**62


@attrs.frozen
class Workers:
    """The pages of workers."""

    office: Office

    def routes(self) -> list[Route]:
        """Its pages, and their JSON."""
        return paths("/workers/{worker_id}", self.show)

    @seen
    def show(self, visit: Visit) -> View:
        """A worker's answers, the newest first; nobody who gave none is shown."""
        worker_id = visit.request.path_params["worker_id"]
        asked = visit.asked("after")
        before = int(asked) if asked.isascii() and asked.isdigit() else NEWEST
        found = visit.requester.read(
            find_worker_answers, worker_id, before=min(before, NEWEST), most=PAGE + 1
        )
        block = visit.requester.read(find_block, worker_id)
        if not found and block is None:
            raise NotFound("worker", worker_id)
        data = {
            "worker_id": worker_id,
            "reason": block,
            "answers": read_rows(visit.requester, found[:PAGE]),
            "next": found[PAGE - 1].key if len(found) > PAGE else None,
        }
        return View("worker", data, {"tab": "worker"})
