"""Task pages, which stand in frames apart from the site, and the answers they post."""

import json
import re
from collections.abc import Mapping

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crowdlab.errors import WorkRefused
from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.frames import NOT_ACCEPTED
from crowdlab.questions import ExternalQuestion, HTMLQuestion, QuestionForm
from crowdlab.server.forms import Fields, read_fields, text_of
from crowdlab.server.framing import show_form, show_notice
from crowdlab.server.markets import Markets
from crowdlab.server.origins import Origins
from crowdlab.server.site import SANDBOX
from crowdlab.server.visiting import said

__all__ = ["Frames", "legible", "localised"]

_SUBMIT = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*mturk\.com/mturk/externalSubmit", re.IGNORECASE
)
_SCRIPTS = re.compile(
    r"(?:https?:)?//(?:s3\.amazonaws\.com/mturk-public/(externalHIT_v1\.js)"
    r"|assets\.crowd\.aws/(crowd-html-elements\.js))",
    re.IGNORECASE,
)


def localised(page: str, origin: str) -> str:
    """A page whose answers and remote scripts come from here instead of from Amazon.

    Example:
        >>> localised('<form action="https://www.mturk.com/mturk/externalSubmit">',
        ...           "https://tasks.example.org")
        '<form action="https://tasks.example.org/mturk/externalSubmit">'
    """
    page = _SUBMIT.sub(f"{origin}/mturk/externalSubmit", page)
    return _SCRIPTS.sub(lambda url: f"{origin}/static/{url[1] or url[2]}", page)


#: What the page sends along for the marketplace's own use.
_NOT_ANSWERS = frozenset({"assignmentId", "hitId", "workerId", "turkSubmitTo"})


def legible(fields: Fields) -> dict[str, str]:
    r"""What was answered, for whoever wrote it and wants to keep it.

    Example:
        >>> legible({"assignmentId": "3X", "pet": ["cat", "dog"], "answer": '{"a": 1}'})
        {'pet': 'cat\ndog', 'answer': 'a: 1'}
    """
    return {
        name: _lines(value if isinstance(value, str) else "\n".join(value))
        for name, value in fields.items()
        if name not in _NOT_ANSWERS and value
    }


def _lines(text: str) -> str:
    try:
        answer = json.loads(text)
    except ValueError:
        return text
    if not isinstance(answer, Mapping):
        return text
    # Texts as they were typed; the rest only so that nothing is lost.
    return "\n".join(
        f"{name}: {said if isinstance(said, str) else json.dumps(said)}"
        for name, said in answer.items()
    )


@attrs.frozen
class Frames:
    """Serves task pages and takes what they submit."""

    markets: Markets
    origins: Origins

    def show(self, request: Request) -> Response:
        """The page of a HIT, for a frame."""
        try:
            question = self.markets.question(request.path_params["hit_id"])
        except WorkRefused as refusal:
            return show_notice(
                self.origins, "This task is gone", said(refusal), status=404
            )
        if isinstance(question, ExternalQuestion):
            return RedirectResponse(question.url)
        if isinstance(question, HTMLQuestion):
            page = localised(question.content, self.origins.frames)
            return HTMLResponse(page, headers=self._headers())
        assignment_id = request.query_params.get("assignmentId", NOT_ACCEPTED)
        return self._form(question, assignment_id, {}, {})

    async def submit(self, request: Request) -> Response:
        """Takes an answer; a second time it only says so."""
        fields = await read_fields(request)
        return await run_in_threadpool(self._submit, fields)

    def explain(self, _request: Request) -> Response:
        """What somebody sees who opens the address of answers by hand."""
        text = "A task's page posts its answer here; there is nothing to see."
        return show_notice(self.origins, "Answers only", text, status=405)

    def _submit(self, fields: Fields) -> Response:
        assignment_id = text_of(fields, "assignmentId")
        if assignment_id in {"", NOT_ACCEPTED}:
            text = "Accept the task first; what you see is a preview."
            return show_notice(self.origins, "Nothing was submitted", text, status=400)
        try:
            market, worker_id = self.markets.with_assignment(assignment_id)
            return self._receive(market, worker_id, assignment_id, fields)
        except WorkRefused as refusal:
            return show_notice(
                self.origins,
                "Your answer was not taken",
                said(refusal),
                status=409,
                kept=legible(fields),
            )

    def _receive(
        self, market: Marketplace, worker_id: str, assignment_id: str, fields: Fields
    ) -> Response:
        work = market.work(worker_id, assignment_id)
        if work.question_kind == "form" and work.status == "Accepted":
            question = market.question(work.hit_id)
            assert isinstance(question, QuestionForm)
            if complaints := question.complaints(fields):
                return self._form(question, assignment_id, fields, complaints)
        if market.submit(worker_id, assignment_id, fields):
            return show_notice(
                self.origins, "Thank you", "Your answer was received.", done=True
            )
        text = "Your answer had been received already; nothing was changed."
        return show_notice(self.origins, "Thank you", text, done=True)

    def _form(
        self,
        form: QuestionForm,
        assignment_id: str,
        fields: Fields,
        complaints: dict[str, str],
    ) -> Response:
        return show_form(
            self.origins,
            form,
            action="/mturk/externalSubmit",
            hidden={"assignmentId": assignment_id},
            fields=fields,
            complaints=complaints,
            is_preview=assignment_id == NOT_ACCEPTED,
        )

    def _headers(self) -> dict[str, str]:
        policy = f"frame-ancestors {self.origins.site}"
        if not self.origins.are_apart:
            policy += f"; sandbox {SANDBOX}"
        return {
            "Cache-Control": "no-store",
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
        }
