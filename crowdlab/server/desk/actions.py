"""What a requester does at the desk: each an operation of the API, with its rules."""

import csv
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from starlette.routing import Route

from crowdlab.errors import BadInput, MTurkError
from crowdlab.marketplace.items import find_hits, find_item
from crowdlab.marketplace.known_labels import set_known_labels
from crowdlab.marketplace.overview import find_group
from crowdlab.marketplace.submissions import find_answers
from crowdlab.money import dollars, show
from crowdlab.server.desk.addresses import named
from crowdlab.server.desk.office import Office, Visit
from crowdlab.server.desk.refusals import explain
from crowdlab.server.desk.visits import Note, back_to, posted
from crowdlab.server.forms import Fields, text_of

__all__ = ["Actions"]

#: Answers that one press approves at most; the next press goes on.
AT_ONCE = 2000
CHUNK = 200
MOST_REASON = 1024
MOST_KNOWN = 10_000

#: HITs, with the time at which each leaves the market.
Hits = list[tuple[str, dt.datetime]]


@attrs.frozen
class Actions:
    """Decides, pays, adds, ends, blocks and writes."""

    office: Office

    def routes(self) -> list[Route]:
        """Its actions; none is a page."""
        group, hit = "/{folder}/{name}", "/hits/{hit_id}"
        worker = "/workers/{worker_id}"
        actions: Mapping[str, Callable[..., Any]] = {
            "/decide": self.decide,
            "/bonus": self.pay_bonus,
            f"{hit}/add": self.add,
            f"{hit}/extend": self.extend,
            f"{hit}/expire": self.expire,
            f"{worker}/block": self.block,
            f"{worker}/unblock": self.unblock,
            f"{worker}/message": self.write,
            f"{group}/approve": self.approve_all,
            f"{group}/known": self.know,
            f"{group}/add": self.add,
            f"{group}/extend": self.extend,
            f"{group}/expire": self.expire,
        }
        return [Route(path, act, methods=["POST"]) for path, act in actions.items()]

    @posted
    def decide(self, visit: Visit, fields: Fields) -> Note:
        """Approves or rejects the answers that were chosen."""
        chosen = _several(fields, "assignment")
        if not chosen:
            raise BadInput("No answer was chosen.")
        operation, params, done = _verdict(fields)
        n_done, refused = _decide(visit, chosen, operation, params)
        return _told(visit, fields, n_done, done, refused)

    @posted
    def approve_all(self, visit: Visit, fields: Fields) -> Note:
        """Approves every answer of a group that waits for a decision."""
        group = visit.requester.read(find_group, *named(visit.request.path_params))
        n_done, refused = 0, ""
        while n_done < AT_ONCE and not refused:
            waiting = visit.requester.read(
                find_answers, group.place, which="Submitted", most=CHUNK
            )
            if not waiting:
                break
            names = [answer.assignment_id for answer in waiting]
            n_more, refused = _decide(visit, names, "ApproveAssignment", {})
            n_done += n_more
        left = visit.requester.read(find_group, *named(visit.request.path_params))
        done = "approved"
        if left.submitted and not refused:
            done += f"; {left.submitted:,} still wait: press again"
        return _told(visit, fields, n_done, done, refused)

    @posted
    def pay_bonus(self, visit: Visit, fields: Fields) -> Note:
        """Pays the worker of an answer more than the reward."""
        amount = dollars(text_of(fields, "amount").strip().lstrip("$"), name="bonus")
        worker_id, assignment_id = (
            text_of(fields, name) for name in ("worker", "assignment")
        )
        visit.requester.call(
            "SendBonus",
            {
                "WorkerId": worker_id,
                "AssignmentId": assignment_id,
                "BonusAmount": str(amount),
                "Reason": _needed(fields, "reason", "A bonus comes with a reason"),
                "UniqueRequestToken": _token(visit, fields, assignment_id),
            },
        )
        return Note(back_to(fields, visit), f"{show(amount)} paid to {worker_id}.")

    @posted
    def add(self, visit: Visit, fields: Fields) -> Note:
        """Asks for more answers to a HIT, or to every HIT of a group."""
        number, hits = _whole(fields, "number", 1, 1000), _hits(visit)
        with visit.requester.group():
            for hit_id, _ in hits:
                visit.requester.call(
                    "CreateAdditionalAssignmentsForHIT",
                    {
                        "HITId": hit_id,
                        "NumberOfAdditionalAssignments": number,
                        "UniqueRequestToken": _token(visit, fields, hit_id),
                    },
                )
        text = f"{number} more for {_n(hits)}; the cost is reserved."
        return Note(back_to(fields, visit), text)

    @posted
    def extend(self, visit: Visit, fields: Fields) -> Note:
        """Leaves a HIT, or every HIT of a group, on the market for longer."""
        hours, hits = _whole(fields, "hours", 1, 8760), _hits(visit)
        now = dt.datetime.fromtimestamp(visit.now, tz=dt.UTC)
        with visit.requester.group():
            for hit_id, expires in hits:
                end = max(now, expires) + dt.timedelta(hours=hours)
                _set_expiration(visit, hit_id, end)
        return Note(back_to(fields, visit), f"{hours} hours more for {_n(hits)}.")

    @posted
    def expire(self, visit: Visit, fields: Fields) -> Note:
        """Takes a HIT, or every HIT of a group, off the market."""
        now = dt.datetime.fromtimestamp(visit.now, tz=dt.UTC)
        hits = [hit for hit in _hits(visit) if hit[1] > now]
        with visit.requester.group():
            for hit_id, _ in hits:
                _set_expiration(visit, hit_id, now)
        text = f"{_n(hits)} off the market; work that was begun may be finished."
        return Note(back_to(fields, visit), text)

    @posted
    def block(self, visit: Visit, fields: Fields) -> Note:
        """Keeps a worker from the requester's HITs."""
        worker_id = visit.request.path_params["worker_id"]
        reason = _needed(fields, "reason", "A block comes with a reason")
        visit.requester.call(
            "CreateWorkerBlock", {"WorkerId": worker_id, "Reason": reason}
        )
        text = f"{worker_id} can accept nothing more of yours."
        return Note(back_to(fields, visit), text)

    @posted
    def unblock(self, visit: Visit, fields: Fields) -> Note:
        """Lets a worker in again."""
        worker_id = visit.request.path_params["worker_id"]
        visit.requester.call("DeleteWorkerBlock", {"WorkerId": worker_id})
        return Note(back_to(fields, visit), f"{worker_id} is welcome again.")

    @posted
    def know(self, visit: Visit, fields: Fields) -> Note:
        """Notes which labels are known, so that workers are held against them."""
        labels = _known(text_of(fields, "labels"))
        kind, name = named(visit.request.path_params)
        visit.requester.read(find_group, kind, name)
        visit.requester.read(set_known_labels, f"{kind}/{name}", labels)
        n = f"{len(labels):,} label{'' if len(labels) == 1 else 's'}"
        return Note(back_to(fields, visit), f"{n} known.")

    @posted
    def write(self, visit: Visit, fields: Fields) -> Note:
        """Sends a worker a message."""
        worker_id = visit.request.path_params["worker_id"]
        answer = visit.requester.call(
            "NotifyWorkers",
            {
                "WorkerIds": [worker_id],
                "Subject": _needed(fields, "subject", "A message has a subject"),
                "MessageText": _needed(fields, "text", "A message has a text"),
            },
        )
        if answer["NotifyWorkersFailureStatuses"]:
            raise BadInput(
                "It was not sent: one can write to workers whose work for you was "
                "reviewed, and to nobody else."
            )
        return Note(back_to(fields, visit), f"Sent to {worker_id}.")


def _known(text: str) -> dict[str, str]:
    """The labels by task, of lines as in a CSV file, with or without its first line."""
    rows = [row for row in csv.reader(text.splitlines()) if any(map(str.strip, row))]
    labels: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if len(cells) != 2 or not all(cells):  # noqa: PLR2004 - task and label
            raise BadInput(f"Line {number} is no task and its label: {','.join(row)}")
        labels[cells[0]] = cells[1]
    if labels.get("task") == "label":
        del labels["task"]
    if len(labels) > MOST_KNOWN:
        raise BadInput(f"These are more than {MOST_KNOWN:,} labels.")
    return labels


def _verdict(fields: Fields) -> tuple[str, dict[str, Any], str]:
    """Operation, parameters and word of a decision."""
    verdict, reason = text_of(fields, "verdict"), text_of(fields, "reason").strip()
    if verdict == "reject":
        said = _needed(fields, "reason", "Who is rejected is told why")
        return "RejectAssignment", {"RequesterFeedback": said}, "rejected"
    params: dict[str, Any] = {"OverrideRejection": verdict == "override"}
    if reason:
        params["RequesterFeedback"] = reason
    return "ApproveAssignment", params, "approved"


def _decide(
    visit: Visit, names: list[str], operation: str, params: Mapping[str, Any]
) -> tuple[int, str]:
    """How many were decided, and why the others were not."""
    n_done, refusals = 0, {}
    for start in range(0, len(names), CHUNK):
        with visit.requester.group():
            for name in names[start : start + CHUNK]:
                try:
                    visit.requester.call(operation, {**params, "AssignmentId": name})
                    n_done += 1
                except MTurkError as error:
                    refusals[name] = explain(error)
    return n_done, _told_once(refusals)


def _told_once(refusals: Mapping[str, str]) -> str:
    reasons = list(dict.fromkeys(refusals.values()))
    return f"{len(refusals)} not: {' '.join(reasons)}" if reasons else ""


def _told(visit: Visit, fields: Fields, n: int, done: str, refused: str) -> Note:
    text = f"{n:,} {'answer' if n == 1 else 'answers'} {done}. {refused}".strip()
    return Note(back_to(fields, visit), text, "bad" if refused else "good")


def _hits(visit: Visit) -> Hits:
    """The HITs that an action's path is about."""
    params = visit.request.path_params
    if "hit_id" in params:
        item = visit.requester.read(find_item, params["hit_id"])
        return [(item.hit_id, item.expires)]
    group = visit.requester.read(find_group, *named(params))
    return visit.requester.read(find_hits, group.place)


def _set_expiration(visit: Visit, hit_id: str, end: dt.datetime) -> None:
    visit.requester.call("UpdateExpirationForHIT", {"HITId": hit_id, "ExpireAt": end})


def _token(visit: Visit, fields: Fields, name: str) -> str:
    """The same for a form that is sent twice."""
    return visit.market.sign(f"once {visit.name} {text_of(fields, 'once')} {name}")


def _several(fields: Fields, name: str) -> list[str]:
    value = fields.get(name, [])
    return [value] if isinstance(value, str) else value


def _needed(fields: Fields, name: str, otherwise: str) -> str:
    text = text_of(fields, name).strip()
    if not 0 < len(text) <= MOST_REASON:
        raise BadInput(f"{otherwise}, of 1 to {MOST_REASON} characters.")
    return text


def _whole(fields: Fields, name: str, low: int, high: int) -> int:
    text = text_of(fields, name).strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - larger is too large
    if not low <= number <= high:
        raise BadInput(f"{name.capitalize()}: a whole number from {low} to {high:,}.")
    return number


def _n(hits: Hits) -> str:
    return f"{len(hits):,} HIT{'' if len(hits) == 1 else 's'}"
