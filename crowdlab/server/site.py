"""The workers' site of one market: find work, look at it, do it, give it back."""

from typing import Any

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.marketplace import Frame, Marketplace
from crowdlab.server.forms import Fields
from crowdlab.server.visiting import Pages, posted, redirect, seen
from crowdlab.server.visitors import Visitor

__all__ = ["SANDBOX", "Site"]

#: What the page in a frame may do.
SANDBOX = "allow-scripts allow-forms allow-popups"


@attrs.frozen
class Site:
    """The pages of one market."""

    market: Marketplace
    pages: Pages

    @property
    def home(self) -> str:
        """The path under which its pages are."""
        return f"/{self.market.environment}/"

    def routes(self) -> list[Route]:
        """Its pages and actions, below its path."""
        one = "/assignments/{assignment_id}"
        return [
            Route("/", self.list_groups),
            Route("/groups/{group_id}", self.open_group),
            Route("/hits/{hit_id}", self.show_hit),
            Route("/hits/{hit_id}/accept", self.accept, methods=["POST"]),
            Route(one, self.show_work),
            Route(f"{one}/return", self.give_back, methods=["POST"]),
        ]

    @seen
    def list_groups(self, _request: Request, visitor: Visitor) -> Response:
        """The HIT groups with work for the worker, and the work in progress."""
        return self._render(
            "groups",
            visitor,
            groups=self.market.groups(visitor.worker_id),
            queue=self.market.queue(visitor.worker_id),
        )

    @seen
    def open_group(self, request: Request, visitor: Visitor) -> Response:
        """The next HIT of a group that the worker can do; the list if there is none."""
        group_id = request.path_params["group_id"]
        groups = self.market.groups(visitor.worker_id, group_id)
        return redirect(f"{self.home}hits/{groups[0].hit_id}" if groups else self.home)

    @seen
    def show_hit(self, request: Request, visitor: Visitor) -> Response:
        """A HIT before it is accepted."""
        offer = self.market.offer(
            visitor.worker_id,
            request.path_params["hit_id"],
            submit_to=self.pages.origins.frames,
        )
        return self._render(
            "offer", visitor, offer=offer, sandbox=self._sandbox(offer.frame)
        )

    @seen
    def show_work(self, request: Request, visitor: Visitor) -> Response:
        """An assignment while it is worked on, or what became of it."""
        work = self.market.work(
            visitor.worker_id,
            request.path_params["assignment_id"],
            submit_to=self.pages.origins.frames,
        )
        page = "work" if work.status == "Accepted" else "outcome"
        return self._render(page, visitor, work=work, sandbox=self._sandbox(work.frame))

    @posted
    def accept(self, request: Request, visitor: Visitor, _fields: Fields) -> Response:
        """Accepts a HIT."""
        hit_id = request.path_params["hit_id"]
        assignment_id = self.market.accept(visitor.worker_id, hit_id)
        return redirect(f"{self.home}assignments/{assignment_id}")

    @posted
    def give_back(
        self, request: Request, visitor: Visitor, _fields: Fields
    ) -> Response:
        """Returns an assignment."""
        self.market.return_(visitor.worker_id, request.path_params["assignment_id"])
        return redirect(self.home)

    def _sandbox(self, frame: Frame) -> str:
        origins = self.pages.origins
        # The site's own origin must never be a task page's.
        is_apart = origins.are_apart or not frame.url.startswith(origins.site)
        return f"{SANDBOX} allow-same-origin" if is_apart else SANDBOX

    def _render(self, page: str, visitor: Visitor, **facts: Any) -> Response:
        return self.pages.render(
            page,
            visitor,
            environment=self.market.environment,
            home=self.home,
            now=int(self.market.clock()),
            **facts,
        )
