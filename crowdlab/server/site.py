"""The workers' site of one market: find work, look at it, do it, give it back."""

from urllib.parse import urlencode, urlsplit

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.errors import WorkRefused
from crowdlab.marketplace import Frame, turns
from crowdlab.marketplace.panels import find_panel, find_progress
from crowdlab.marketplace.problems import MOST_TEXT, REASONS, report_problem
from crowdlab.marketplace.queue import Work
from crowdlab.server.choosing import ORDERS, Choice
from crowdlab.server.forms import Fields, text_of
from crowdlab.server.parts import MarketPart
from crowdlab.server.visiting import posted, redirect, seen
from crowdlab.server.visitors import Visitor

__all__ = ["SANDBOX", "Site"]

#: What the page in a frame may do.
SANDBOX = "allow-scripts allow-forms allow-popups"


@attrs.frozen
class Site(MarketPart):
    """The pages of one market on which work is found and done."""

    def routes(self) -> list[Route]:
        """Its pages and actions, below its path."""
        hit, work = "/hits/{hit_id}", "/assignments/{assignment_id}"
        return [
            Route("/", self.list_groups),
            Route("/groups/{group_id}", self.open_group),
            Route("/groups/{group_id}/next", self.take_next, methods=["POST"]),
            Route(hit, self.show_hit),
            Route(f"{hit}/accept", self.accept, methods=["POST"]),
            Route(f"{hit}/report", self.report, methods=["POST"]),
            Route(work, self.show_work),
            Route(f"{work}/return", self.give_back, methods=["POST"]),
            Route(f"{work}/skip", self.skip, methods=["POST"]),
        ]

    @seen
    def list_groups(self, request: Request, visitor: Visitor) -> Response:
        """The HIT groups with work for the worker, and the work in progress."""
        choice = Choice.read(request.query_params)
        groups = self.market.search(visitor.worker_id, choice.text)
        return self.render(
            "groups",
            visitor,
            place="work",
            choice=choice,
            orders=ORDERS,
            groups=choice.of(groups),
            queue=self.market.queue(visitor.worker_id),
            before=self._before(request, visitor),
        )

    @seen
    def open_group(self, request: Request, visitor: Visitor) -> Response:
        """The next HIT of a group that the worker can do; the list if there is none."""
        group_id = request.path_params["group_id"]
        after = request.query_params.get("after", "")
        hit_id = self._next(visitor, group_id, after) or self._next(visitor, group_id)
        return redirect(f"{self.home}hits/{hit_id}" if hit_id else self.start(visitor))

    @seen
    def show_hit(self, request: Request, visitor: Visitor) -> Response:
        """A HIT before it is accepted; the next where others have taken all of it."""
        offer = self.market.offer(
            visitor.worker_id,
            request.path_params["hit_id"],
            submit_to=self.pages.origins.frames,
        )
        self._need_scope(visitor, offer.group_id)
        following = self._next(visitor, offer.group_id, offer.hit_id)
        is_told = "told" in request.query_params
        if following and not (offer.n_left or offer.mine or is_told):
            return redirect(f"{self.home}hits/{following}")
        return self.render(
            "offer",
            visitor,
            offer=offer,
            sandbox=self.sandbox(offer.frame),
            following=following,
            reasons=REASONS,
            is_told=is_told,
        )

    @seen
    def show_work(self, request: Request, visitor: Visitor) -> Response:
        """An assignment while it is worked on, or what became of it."""
        work = self._work(visitor, request.path_params["assignment_id"])
        page = "work" if work.status == "Accepted" else "outcome"
        return self.render(
            page,
            visitor,
            work=work,
            sandbox=self.sandbox(work.frame),
            following=self._next(visitor, work.group_id, work.hit_id),
            before=self._before(request, visitor),
            goes_on="auto" in request.query_params,
            is_other="other" in request.query_params,
            reasons=REASONS,
            most_text=MOST_TEXT,
            is_told="told" in request.query_params,
        )

    @posted
    def accept(self, request: Request, visitor: Visitor, fields: Fields) -> Response:
        """Accepts a HIT, or the next if it is gone; twice only shows the first's."""
        hit_id = request.path_params["hit_id"]
        offer = self.market.offer(visitor.worker_id, hit_id)
        self._need_scope(visitor, offer.group_id)
        if offer.mine:
            return redirect(f"{self.home}assignments/{offer.mine}")
        with self.market.group():
            self._need_room(visitor)
            assignment_id = self.market.visit(turns.take, visitor.worker_id, hit_id)
        is_other = self._work(visitor, assignment_id).hit_id != hit_id
        return self._to_work(assignment_id, fields, is_other=is_other)

    @posted
    def take_next(self, request: Request, visitor: Visitor, fields: Fields) -> Response:
        """Accepts the next HIT of a group, and goes to the list after the last."""
        group_id, after = request.path_params["group_id"], text_of(fields, "after")
        self._need_scope(visitor, group_id)
        hit_id = text_of(fields, "hit")
        with self.market.group():
            if not self._has_room(visitor):
                return redirect(self.start(visitor))
            assignment_id = self.market.visit(
                turns.take_next, visitor.worker_id, group_id, hit_id
            )
        if assignment_id is None:
            return redirect(f"{self.start(visitor)}?{urlencode({'after': after})}")
        return self._to_work(assignment_id, fields, after)

    @posted
    def give_back(
        self, request: Request, visitor: Visitor, _fields: Fields
    ) -> Response:
        """Returns an assignment."""
        self.market.return_(visitor.worker_id, request.path_params["assignment_id"])
        return redirect(self.start(visitor))

    @posted
    def skip(self, request: Request, visitor: Visitor, fields: Fields) -> Response:
        """Returns an assignment and accepts the next HIT of its group."""
        assignment_id = request.path_params["assignment_id"]
        following = self.market.visit(turns.skip, visitor.worker_id, assignment_id)
        if following is None:
            return redirect(self.start(visitor))
        return self._to_work(following, fields)

    @posted
    def report(self, request: Request, visitor: Visitor, fields: Fields) -> Response:
        """Tells the requester that something is wrong; gives the work back if wished."""
        hit_id = request.path_params["hit_id"]
        offer = self.market.offer(visitor.worker_id, hit_id)
        self._need_scope(visitor, offer.group_id)
        reason, text = text_of(fields, "reason"), text_of(fields, "text")
        self.market.visit(report_problem, visitor.worker_id, hit_id, reason, text)
        if fields.get("then") == "back" and offer.mine:
            self.market.return_(visitor.worker_id, offer.mine)
        place = f"assignments/{offer.mine}" if offer.mine else f"hits/{hit_id}"
        return redirect(f"{self.home}{place}?told")

    def sandbox(self, frame: Frame) -> str:
        """What the page in a frame may do there."""
        origins = self.pages.origins
        # The site's own origin must never be a task page's.
        is_apart = (
            origins.are_apart or urlsplit(frame.url).hostname != origins.site_host
        )
        return f"{SANDBOX} allow-same-origin" if is_apart else SANDBOX

    def _work(self, visitor: Visitor, assignment_id: str) -> Work:
        work = self.market.work(
            visitor.worker_id, assignment_id, submit_to=self.pages.origins.frames
        )
        self._need_scope(visitor, work.group_id)
        return work

    def _before(self, request: Request, visitor: Visitor) -> Work | None:
        """What the worker has just handed in, on the way to the next."""
        assignment_id = request.query_params.get("after", "")
        try:
            work = self._work(visitor, assignment_id) if assignment_id else None
        except WorkRefused:
            return None
        return work if work and work.status in {"Submitted", "Approved"} else None

    def _next(self, visitor: Visitor, group_id: str, after: str = "") -> str | None:
        return self.market.visit(turns.find_next, visitor.worker_id, group_id, after)

    def _to_work(
        self,
        assignment_id: str,
        fields: Fields,
        after: str = "",
        *,
        is_other: bool = False,
    ) -> Response:
        other = "1" if is_other else ""
        told = {"auto": fields.get("auto"), "after": after, "other": other}
        query = urlencode({name: value for name, value in told.items() if value})
        place = f"{self.home}assignments/{assignment_id}"
        return redirect(f"{place}?{query}" if query else place)

    def _need_scope(self, visitor: Visitor, group_id: str) -> None:
        """Keeps those who came through a panel to what they came for."""
        _, _, name = visitor.scope.partition("/")
        if name and self.market.visit(find_panel, name).group_id != group_id:
            raise WorkRefused("elsewhere", "this is not the work that you came for")

    def _has_room(self, visitor: Visitor) -> bool:
        _, _, name = visitor.scope.partition("/")
        if not name:
            return True
        return self.market.visit(find_progress, visitor.worker_id, name).has_room

    def _need_room(self, visitor: Visitor) -> None:
        if not self._has_room(visitor):
            raise WorkRefused("enough", "you have all the work that was asked of you")
