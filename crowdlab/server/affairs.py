"""A worker's own affairs: work and pay, messages, Qualifications and their tests."""

from urllib.parse import urlencode

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.marketplace.messages import mark_read
from crowdlab.marketplace.records import find_record
from crowdlab.marketplace.standings import find_standing, find_standings, find_test
from crowdlab.server.exams import seal
from crowdlab.server.forms import Fields, text_of
from crowdlab.server.parts import MarketPart
from crowdlab.server.site import SANDBOX
from crowdlab.server.visiting import posted, redirect, seen
from crowdlab.server.visitors import Visitor

__all__ = ["Affairs"]

#: Of the number of a message.
MOST_DIGITS = 18


@attrs.frozen
class Affairs(MarketPart):
    """The pages of one market that are about the worker."""

    def routes(self) -> list[Route]:
        """Its pages and actions, below its market's path."""
        one = "/qualifications/{type_id}"
        return [
            Route("/earnings", self.show_record),
            Route("/messages", self.list_messages),
            Route("/messages/read", self.mark_read, methods=["POST"]),
            Route("/qualifications", self.list_qualifications),
            Route(one, self.show_qualification),
            Route(f"{one}/request", self.request_qualification, methods=["POST"]),
            Route(f"{one}/test", self.show_test),
        ]

    @seen
    def show_record(self, _request: Request, visitor: Visitor) -> Response:
        """What the worker has done and earned."""
        record = self.market.visit(find_record, visitor.worker_id)
        return self.render("earnings", visitor, place="earnings", record=record)

    @seen
    def list_messages(self, _request: Request, visitor: Visitor) -> Response:
        """What requesters wrote."""
        messages = self.market.messages(visitor.worker_id)
        return self.render("messages", visitor, place="messages", messages=messages)

    @posted
    def mark_read(
        self, _request: Request, visitor: Visitor, fields: Fields
    ) -> Response:
        """Notes that the messages were read."""
        newest = text_of(fields, "newest")
        if newest.isdecimal() and len(newest) <= MOST_DIGITS:
            self.market.visit(mark_read, visitor.worker_id, int(newest))
        return redirect(f"{self.home}messages")

    @seen
    def list_qualifications(self, _request: Request, visitor: Visitor) -> Response:
        """What the worker holds, has asked for, and can ask for."""
        return self.render(
            "qualifications",
            visitor,
            place="qualifications",
            standings=self.market.visit(find_standings, visitor.worker_id),
        )

    @seen
    def show_qualification(self, request: Request, visitor: Visitor) -> Response:
        """One Qualification, and how to get it."""
        type_id = request.path_params["type_id"]
        standing = self.market.visit(find_standing, visitor.worker_id, type_id)
        return self.render(
            "qualification", visitor, place="qualifications", standing=standing
        )

    @posted
    def request_qualification(
        self, request: Request, visitor: Visitor, _fields: Fields
    ) -> Response:
        """Asks for a Qualification that has no test."""
        type_id = request.path_params["type_id"]
        standing = self.market.visit(find_standing, visitor.worker_id, type_id)
        path = f"{self.home}qualifications/{type_id}"
        if standing.has_test:
            return redirect(f"{path}/test")
        self.market.request_qualification(visitor.worker_id, type_id)
        return redirect(path)

    @seen
    def show_test(self, request: Request, visitor: Visitor) -> Response:
        """The test of a Qualification, in a frame."""
        type_id = request.path_params["type_id"]
        standing = self.market.visit(find_standing, visitor.worker_id, type_id)
        self.market.visit(find_test, visitor.worker_id, type_id)
        began = int(self.market.clock())
        told = {"worker": visitor.worker_id, "began": str(began)}
        told["seal"] = seal(self.market, type_id, **told)
        place = f"{self.pages.origins.frames}/test{self.home}{type_id}"
        # The form is ours, so it may keep its origin, where that is another.
        apart = " allow-same-origin" if self.pages.origins.are_apart else ""
        return self.render(
            "test",
            visitor,
            place="qualifications",
            standing=standing,
            url=f"{place}?{urlencode(told)}",
            sandbox=f"{SANDBOX}{apart}",
        )
