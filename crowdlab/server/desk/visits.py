"""What every page and every action of the desk has in common: who may, and what is refused."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Protocol, TypeVar

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crowdlab.errors import CrowdlabError, MTurkError, NotFound
from crowdlab.server.desk.office import Office, Visit
from crowdlab.server.desk.refusals import explain
from crowdlab.server.desk.views import View
from crowdlab.server.forms import Fields, read_fields, text_of

__all__ = ["HasOffice", "Note", "back_to", "posted", "seen"]

#: A cookie holds no more.
MOST_SAID = 1000
NOT_THERE = "There is nothing here of yours."


@attrs.frozen
class Note:
    """What became of an action, for the page that is shown next.

    Attributes:
        path: of that page.
        tone: ``good`` or ``bad``.
    """

    path: str
    text: str
    tone: str = "good"


class HasOffice(Protocol):
    """A part of the desk."""

    @property
    def office(self) -> Office:
        """What answers for it."""


Part = TypeVar("Part", bound=HasOffice)


def seen(
    look: Callable[[Part, Visit], View | Response],
) -> Callable[[Part, Request], Response]:
    """A page for requesters who signed in; others are asked to."""

    @wraps(look)
    def answer(part: Part, request: Request) -> Response:
        office = part.office
        session = office.sessions.recognise(request)
        if refusal := office.refuse_entry(request, session):
            return refusal
        visit = office.visit(request, session)
        try:
            found = look(part, visit)
        except NotFound:
            return office.refuse(visit, NOT_THERE, status=404)
        except CrowdlabError as error:
            return office.refuse(visit, str(error), status=422)
        return office.answer(visit, found) if isinstance(found, View) else found

    return answer


def posted(
    act: Callable[[Part, Visit, Fields], Note],
) -> Callable[[Part, Request], Awaitable[Response]]:
    """An action that a page of the same session asks for, and nobody else can."""

    @wraps(act)
    async def answer(part: Part, request: Request) -> Response:
        fields = await read_fields(request)
        return await run_in_threadpool(_act, act, part, request, fields)

    return answer


def _act(
    act: Callable[[Part, Visit, Fields], Note],
    part: Part,
    request: Request,
    fields: Fields,
) -> Response:
    office = part.office
    session = office.sessions.recognise(request)
    if refusal := office.refuse_entry(request, session):
        return refusal
    visit = office.visit(request, session)
    if not office.sessions.is_token(session, text_of(fields, "token")):
        text = "This page had grown old. Go back, reload it and try again."
        return office.refuse(visit, text, status=403)
    try:
        note = act(part, visit, fields)
    except NotFound:
        return office.refuse(visit, NOT_THERE, status=404)
    except MTurkError as error:
        note = Note(back_to(fields, visit), explain(error), "bad")
    except CrowdlabError as error:
        note = Note(back_to(fields, visit), str(error), "bad")
    response = RedirectResponse(note.path, 303)
    return office.sessions.leave_note(response, note.tone, note.text[:MOST_SAID])


def back_to(fields: Fields, visit: Visit) -> str:
    """The page that an action was asked for on; never one of another site."""
    wanted = text_of(fields, "back")
    return wanted if wanted.startswith("/desk/") else visit.home
