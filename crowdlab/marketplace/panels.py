"""Recruitment panels: people whom another site sends in, and who go back with a code.

A panel is for one HIT type. Its link carries an id that the other site has given to a
person; here the person is a worker like any other, and the id is shown to the
requester alone.
"""

import datetime as dt
import json
import secrets
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import BadInput, NotFound, WorkRefused
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.schema import (
    assignments,
    hit_types,
    hits,
    is_live,
    requesters,
    workers,
)
from crowdlab.marketplace.site_schema import panels, participants
from crowdlab.marketplace.workers import Traits, find_worker, register

__all__ = [
    "PARAMETERS",
    "Panel",
    "Participant",
    "Progress",
    "close_panel",
    "find_panel",
    "find_panels",
    "find_participants",
    "find_progress",
    "join",
    "open_panel",
]

#: How Prolific calls participant, study and session in a link.
PARAMETERS = ("PROLIFIC_PID", "STUDY_ID", "SESSION_ID")
MOST_ID = 200
MOST_CODE = 100

_TYPE = Statement(
    sa.select(hit_types.c.id)
    .select_from(hit_types.outerjoin(hits, hits.c.hit_type == hit_types.c.id))
    .where(hit_types.c.requester == bindparam("asks"))
    .where(
        (hit_types.c.hit_type_id == bindparam("known"))
        | (hit_types.c.hit_group_id == bindparam("known"))
        | (hits.c.hit_id == bindparam("known"))
        | (hits.c.batch == bindparam("known"))
    )
    .order_by(hit_types.c.id.desc())
    .limit(1)
)
_NEW = Statement(panels.insert())
_PANELS = sa.select(
    panels,
    hit_types.c.hit_type_id,
    hit_types.c.hit_group_id,
    hit_types.c.title,
    requesters.c.name.label("requester_name"),
).select_from(
    panels.join(hit_types).join(requesters, requesters.c.id == panels.c.requester)
)
_PANEL = Statement(_PANELS.where(panels.c.name == bindparam("known")))
_OWN = Statement(
    _PANELS.where(panels.c.requester == bindparam("asks")).order_by(panels.c.id.desc())
)
_CLOSE = Statement(
    panels.update()
    .where(panels.c.id == bindparam("key"))
    .values(closed=sa.func.coalesce(panels.c.closed, bindparam("now")))
)
_JOINED = (
    sa.select(participants, workers.c.worker_id)
    .select_from(participants.join(panels).join(workers))
    .where(participants.c.outside_id == bindparam("outside"))
)
_HERE = Statement(_JOINED.where(panels.c.id == bindparam("key")))
_BEFORE = Statement(_JOINED.where(panels.c.requester == bindparam("asks")).limit(1))
_ADD = Statement(participants.insert())
_of_panel = (hits.c.hit_type == panels.c.hit_type) & is_live(assignments)
_PARTICIPANTS = Statement(
    sa.select(
        participants,
        workers.c.worker_id,
        sa.func.count(assignments.c.submitted).label("n_submitted"),
        sa.func.count(assignments.c.approved).label("n_approved"),
    )
    .select_from(
        participants.join(panels)
        .join(workers)
        .outerjoin(
            assignments.join(hits),
            (assignments.c.worker == workers.c.id) & _of_panel,
        )
    )
    .where(panels.c.id == bindparam("key"))
    .group_by(participants.c.id, workers.c.worker_id)
    .order_by(participants.c.id)
)
_DONE = Statement(
    sa.select(
        sa.func.count(assignments.c.submitted).label("n_submitted"),
        sa.func.count(assignments.c.id).label("n_taken"),
    )
    .select_from(
        assignments.join(hits).join(panels, panels.c.hit_type == hits.c.hit_type)
    )
    .where(panels.c.name == bindparam("known"))
    .where(assignments.c.worker == bindparam("who"))
    .where(is_live(assignments))
)


@attrs.frozen
class Panel:
    """A way in for people of another site.

    Attributes:
        name: what its link ends in; nobody can guess it.
        completion_url: where people go when they are done.
        completion_code: what proves it there.
        most: how many assignments are enough; ``None`` where it is all there are.
        parameters: how the link calls participant, study and session.
    """

    name: str
    hit_type_id: str
    group_id: str
    title: str
    requester: str
    completion_url: str
    completion_code: str
    most: int | None
    parameters: tuple[str, str, str]
    opened: dt.datetime
    is_open: bool

    def link(self, site: str, environment: str = "production") -> str:
        """What to paste into the other site, with its own words where the ids come.

        Prolific fills in ``{{%PROLIFIC_PID%}}``; another site's marks go there instead.
        """
        marks = urlencode(
            {name: f"{{{{%{name}%}}}}" for name in self.parameters}, safe="{}%"
        )
        return f"{site}/{environment}/join/{self.name}?{marks}"


@attrs.frozen
class Participant:
    """Somebody who came through a panel: the outside ids are for its requester alone."""

    outside_id: str
    study_id: str
    session_id: str
    worker_id: str
    joined: dt.datetime
    n_submitted: int
    n_approved: int


@attrs.frozen
class Progress:
    """How far a worker is with what a panel asks.

    Attributes:
        n_submitted: how many assignments they have handed in.
        n_taken: these, and those that they have in hand.
        most: how many are enough, where that is said.
    """

    n_submitted: int
    n_taken: int
    most: int | None

    @property
    def is_enough(self) -> bool:
        """Whether nothing more is asked."""
        return self.most is not None and self.n_submitted >= self.most

    @property
    def has_room(self) -> bool:
        """Whether they may take one more."""
        return self.most is None or self.n_taken < self.most


def open_panel(
    call: Call,
    work: str,
    *,
    completion_url: str,
    completion_code: str,
    most: int | None = None,
    parameters: Sequence[str] = PARAMETERS,
) -> Panel:
    """Opens a way in to the work of one HIT type.

    Args:
        work: the name of a batch, or the id of a HIT type, its group or a HIT of it.
        completion_url: where people go when they are done.
        completion_code: what they show there.
        most: how many assignments are enough; all there are by default.
        parameters: how the link calls participant, study and session.

    Raises:
        BadInput: there can be no such panel.
        NotFound: the requester has no such work.
    """
    kind = call.one(_TYPE, asks=call.requester, known=work)
    if kind is None:
        raise NotFound("batch or HIT type of yours on the market", work)
    _need_sound(completion_url, completion_code, most, parameters)
    name = secrets.token_urlsafe(16)
    call.run(
        _NEW,
        name=name,
        requester=call.requester,
        hit_type=kind.id,
        completion_url=completion_url,
        completion_code=completion_code,
        most=most,
        parameters=json.dumps(list(parameters)),
        opened=call.now,
    )
    return _panel(call.one(_PANEL, known=name))


def close_panel(call: Call, name: str) -> None:
    """Lets nobody new in through a panel; who is in can finish.

    Raises:
        NotFound: the requester has no such panel.
    """
    call.run(_CLOSE, key=_own(call, name).id, now=call.now)


def find_panels(call: Call) -> list[Panel]:
    """The requester's panels, newest first."""
    return [_panel(row) for row in call.rows(_OWN, asks=call.requester)]


def find_participants(call: Call, name: str) -> list[Participant]:
    """Who came through one of the requester's panels, in their order.

    Raises:
        NotFound: the requester has no such panel.
    """
    rows = call.rows(_PARTICIPANTS, key=_own(call, name).id)
    return [_participant(row) for row in rows]


def find_panel(call: Call, name: str) -> Panel:
    """The panel of that name, whoever asks.

    Raises:
        WorkRefused: there is none.
    """
    return _panel(_known(call, name))


def join(
    call: Call, name: str, outside_id: str, study_id: str = "", session_id: str = ""
) -> str:
    """Lets somebody in; the worker's id, which for one requester is always the same.

    Raises:
        WorkRefused: the panel is closed, or the id is none.
    """
    panel = _known(call, name)
    ids = (outside_id, study_id, session_id)
    if not outside_id.strip() or max(map(len, ids)) > MOST_ID:
        raise WorkRefused("no-id", "the link that brought you here lacks your id")
    here = call.one(_HERE, key=panel.id, outside=outside_id)
    if here is not None:
        return str(here.worker_id)
    if panel.closed is not None:
        raise WorkRefused("closed", "nobody new is let in here any more")
    before = call.one(_BEFORE, asks=panel.requester, outside=outside_id)
    worker_id = before.worker_id if before else register(call, None, Traits())
    call.run(
        _ADD,
        panel=panel.id,
        worker=find_worker(call, worker_id).id,
        outside_id=outside_id,
        study_id=study_id,
        session_id=session_id,
        joined=call.now,
    )
    return str(worker_id)


def find_progress(call: Call, worker_id: str, name: str) -> Progress:
    """How far a worker is with what a panel asks.

    Raises:
        WorkRefused: there is no such panel, or worker.
    """
    worker, panel = find_worker(call, worker_id), _known(call, name)
    done = call.one(_DONE, known=name, who=worker.id)
    return Progress(int(done.n_submitted), int(done.n_taken), panel.most)


def _need_sound(
    url: str, code: str, most: int | None, parameters: Sequence[str]
) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(f"completion_url: {url!r} is no address of http or https")
    if not code.isprintable() or not 0 < len(code) <= MOST_CODE:
        raise BadInput(f"completion_code: needs 1 to {MOST_CODE} printable characters")
    if most is not None and most < 1:
        raise BadInput(f"most: {most} is no number of assignments")
    if len(parameters) != len(PARAMETERS) or not all(
        name and name.isascii() and name.isidentifier() for name in parameters
    ):
        choices = ",".join(PARAMETERS)
        raise BadInput(f"parameters: needs three names, such as {choices}")


def _known(call: Call, name: str) -> Row:
    row = call.one(_PANEL, known=name)
    if row is None:
        raise WorkRefused("unknown-panel", "this link leads nowhere")
    return row


def _own(call: Call, name: str) -> Row:
    row = call.one(_PANEL, known=name)
    if row is None or row.requester != call.requester:
        raise NotFound("panel", name, [panel.name for panel in find_panels(call)])
    return row


def _panel(row: Row) -> Panel:
    participant, study, session = json.loads(row.parameters)
    return Panel(
        name=row.name,
        hit_type_id=row.hit_type_id,
        group_id=row.hit_group_id,
        title=row.title,
        requester=row.requester_name,
        completion_url=row.completion_url,
        completion_code=row.completion_code,
        most=row.most,
        parameters=(participant, study, session),
        opened=moment(row.opened),
        is_open=row.closed is None,
    )


def _participant(row: Row) -> Participant:
    return Participant(
        outside_id=row.outside_id,
        study_id=row.study_id,
        session_id=row.session_id,
        worker_id=row.worker_id,
        joined=moment(row.joined),
        n_submitted=int(row.n_submitted),
        n_approved=int(row.n_approved),
    )
