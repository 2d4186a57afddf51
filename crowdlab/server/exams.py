"""Tests of Qualifications, which stand in frames as the forms of HITs do.

The frame's host knows no visitor, so its address says whose test it is and when it
began, sealed by the site.
"""

import hmac

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.errors import WorkRefused
from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.standings import find_standing, find_test
from crowdlab.server.forms import Fields, read_fields, text_of
from crowdlab.server.frames import legible
from crowdlab.server.framing import show_form, show_notice
from crowdlab.server.markets import Markets
from crowdlab.server.origins import Origins
from crowdlab.server.visiting import said

__all__ = ["Exams", "seal"]

#: Seconds after its end in which a test may still arrive.
GRACE = 30
#: What stands in the address beside the answers.
TOLD = ("worker", "began", "seal")


def seal(market: Marketplace, type_id: str, *, worker: str, began: str) -> str:
    """What shows that the site let a worker begin a test at that time."""
    return market.sign(f"test {type_id} {worker} {began}")


@attrs.frozen
class Exams:
    """Serves tests and takes what they submit."""

    markets: Markets
    origins: Origins

    def routes(self) -> list[Route]:
        """The pages of tests, and where they post to."""
        place = "/test/{environment}/{type_id}"
        return [
            Route(place, self.show, methods=["GET"]),
            Route(place, self.submit, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """The questions of a test."""
        told = {name: request.query_params.get(name, "") for name in TOLD}
        try:
            market = self._market(request, told)
            return self._form(market, request, told, {}, {})
        except WorkRefused as refusal:
            return show_notice(
                self.origins, "There is no test here", said(refusal), status=404
            )

    async def submit(self, request: Request) -> Response:
        """Takes the answers of a test."""
        fields = await read_fields(request)
        return await run_in_threadpool(self._submit, request, fields)

    def _submit(self, request: Request, fields: Fields) -> Response:
        told = {name: text_of(fields, name) for name in TOLD}
        answers = {name: v for name, v in fields.items() if name not in TOLD}
        try:
            market = self._market(request, told)
            return self._receive(market, request, told, answers)
        except WorkRefused as refusal:
            return show_notice(
                self.origins,
                "Your test was not taken",
                said(refusal),
                status=409,
                kept=legible(answers),
            )

    def _receive(
        self,
        market: Marketplace,
        request: Request,
        told: dict[str, str],
        answers: Fields,
    ) -> Response:
        worker_id, type_id = told["worker"], request.path_params["type_id"]
        form = market.visit(find_test, worker_id, type_id)
        if complaints := form.complaints(answers):
            return self._form(market, request, told, answers, complaints)
        _need_time(market, worker_id, type_id, int(told["began"]))
        value = market.request_qualification(worker_id, type_id, answers)
        text = "The requester will look at your answers."
        if value is not None:
            text = f"Your score is {value}."
        return show_notice(self.origins, "Thank you", text, done=True)

    def _market(self, request: Request, told: dict[str, str]) -> Marketplace:
        market = self.markets.by_environment.get(request.path_params["environment"])
        if market is not None:
            worker, began = told["worker"], told["began"]
            type_id = request.path_params["type_id"]
            sealed = seal(market, type_id, worker=worker, began=began)
            if hmac.compare_digest(sealed.encode(), told["seal"].encode()):
                return market
        raise WorkRefused("unsealed", "open the test from the list of Qualifications")

    def _form(
        self,
        market: Marketplace,
        request: Request,
        told: dict[str, str],
        answers: Fields,
        complaints: dict[str, str],
    ) -> Response:
        type_id = request.path_params["type_id"]
        return show_form(
            self.origins,
            market.visit(find_test, told["worker"], type_id),
            action=request.url.path,
            hidden=told,
            fields=answers,
            complaints=complaints,
        )


def _need_time(market: Marketplace, worker_id: str, type_id: str, began: int) -> None:
    seconds = market.visit(find_standing, worker_id, type_id).seconds
    if seconds is not None and market.clock() > began + seconds + GRACE:
        raise WorkRefused("expired", "the time for this test is over")
