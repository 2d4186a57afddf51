"""The way through a panel: in with an outside id, to the work, and out with a code."""

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.errors import WorkRefused
from crowdlab.marketplace import panels, turns
from crowdlab.marketplace.panels import Panel
from crowdlab.server.forms import Fields, text_of
from crowdlab.server.parts import MarketPart
from crowdlab.server.people import NEWCOMERS, People
from crowdlab.server.sign_in import address_of
from crowdlab.server.visiting import posted_by_anybody, redirect, said
from crowdlab.server.visitors import Visitor

__all__ = ["Passing"]


@attrs.frozen
class Passing(MarketPart):
    """The pages of panels on one market."""

    people: People

    def routes(self) -> list[Route]:
        """Its pages and actions, below its market's path."""
        return [
            Route("/join/{panel}", self.show, methods=["GET"]),
            Route("/join/{panel}", self.join, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """What is asked of somebody who comes in; or how far they are."""
        visitor = self.pages.visitors.recognise(request)
        try:
            panel = self._panel(request)
        except WorkRefused as refusal:
            title = "This link does not work"
            return self.pages.refuse(visitor, title, said(refusal), status=404)
        outside_id = request.query_params.get(panel.parameters[0], "")
        if visitor.scope == self._scope(panel) and not outside_id:
            return self._progress(panel, request, visitor)
        ids = [request.query_params.get(name, "") for name in panel.parameters]
        page = self.render("join", visitor, panel=panel, ids=ids)
        return self.pages.visitors.remember(visitor, page)

    @posted_by_anybody
    def join(self, request: Request, _visitor: Visitor, fields: Fields) -> Response:
        """Lets somebody in under the id that they bring."""
        panel, address = self._panel(request), address_of(request)
        if self.pages.entry.consent.text and not fields.get("agreed"):
            raise WorkRefused("no-consent", "to take part, agree to the text first")
        self.people.attempts.need_few(NEWCOMERS, address)
        ids = (text_of(fields, name) for name in ("participant", "study", "session"))
        worker_id = self.market.visit(panels.join, panel.name, *ids)
        self.people.attempts.note(NEWCOMERS, address)
        self.people.admit(worker_id)
        if self.pages.entry.consent.text:
            self.people.agree(worker_id, self.pages.entry.consent)
        # Without the ids, which have no business in the browser's history.
        answer = redirect(request.url.path)
        return self.pages.visitors.let_in(worker_id, answer, self._scope(panel))

    def _panel(self, request: Request) -> Panel:
        return self.market.visit(panels.find_panel, request.path_params["panel"])

    def _scope(self, panel: Panel) -> str:
        return f"{self.market.environment}/{panel.name}"

    def _progress(self, panel: Panel, request: Request, visitor: Visitor) -> Response:
        if away := self.pages.detour(request, visitor):
            return away
        who = visitor.worker_id
        progress = self.market.visit(panels.find_progress, who, panel.name)
        groups = self.market.groups(who, panel.group_id)
        queue = self.market.queue(who)
        following = self.market.visit(turns.find_next, who, panel.group_id)
        return self.render(
            "panel",
            visitor,
            panel=panel,
            progress=progress,
            group=groups[0] if groups and following else None,
            work=next((w for w in queue if w.group_id == panel.group_id), None),
        )
