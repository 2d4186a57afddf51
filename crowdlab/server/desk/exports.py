"""What a group's answers and labels are as files."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from crowdlab.aggregation import (
    Aggregation,
    Consensus,
    aggregate,
    kinds,
    methods,
)
from crowdlab.errors import BadInput
from crowdlab.marketplace.overview import Place, find_group
from crowdlab.marketplace.submissions import find_answers, find_rejected
from crowdlab.server.desk.addresses import named
from crowdlab.server.desk.formats import to_json
from crowdlab.server.desk.office import Office, Visit
from crowdlab.server.desk.reading import Reading
from crowdlab.server.desk.rows import AnswerRow, read_rows
from crowdlab.server.desk.standing import Standings
from crowdlab.server.desk.visits import seen

__all__ = ["Exports", "method_names"]

AT_ONCE = 500
COLUMNS = (
    "assignment_id",
    "hit_id",
    "task",
    "worker",
    "status",
    "accepted",
    "submitted",
    "decided",
    "seconds",
    "answer",
    "fault",
    "feedback",
)
LABEL_COLUMNS = ("task", "label", "confidence", "n_votes")


def method_names(kind: str) -> list[str]:
    """The methods that make labels of votes of a kind."""
    if kind == "classes":
        return list(methods.names())
    return list(kinds.find(kind).names()) if kind in kinds.names() else []


@attrs.frozen
class Exports:
    """Files to take home. Workers are pseudonyms in them, unless asked otherwise."""

    office: Office
    standings: Standings

    def routes(self) -> list[Route]:
        """Its files."""
        one = "/{folder}/{name}/export"
        return [
            Route(f"{one}/answers.jsonl", self.give_lines),
            Route(f"{one}/answers.csv", self.give_table),
            Route(f"{one}/labels.csv", self.give_labels),
        ]

    @seen
    def give_lines(self, visit: Visit) -> Response:
        """The answers, a JSON object a line."""
        rows = self._records(visit)
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return _file(lines, "answers.jsonl", "application/x-ndjson")

    @seen
    def give_table(self, visit: Visit) -> Response:
        """The answers as a table; what was said is JSON in a column of its own."""
        rows = (
            {**row, "answer": json.dumps(row["answer"])} for row in self._records(visit)
        )
        return _file(_csv(COLUMNS, rows), "answers.csv", "text/csv")

    @seen
    def give_labels(self, visit: Visit) -> Response:
        """The labels that a method makes of the votes; rejected answers have none."""
        which = named(visit.request.path_params)
        standing = self.standings.find(
            visit.market.environment, visit.requester, visit.name, which
        )
        if not standing.is_read:
            raise BadInput(
                f"{standing.crowd.n_read:,} of {standing.group.done:,} answers are read "
                "so far; try again in a moment"
            )
        found = _aggregate(visit, standing.reading)
        rows = (
            {str(name): _cell(value) for name, value in row.items()}
            for row in found.labels[list(LABEL_COLUMNS)].to_dict("records")
        )
        return _file(_csv(LABEL_COLUMNS, rows), "labels.csv", "text/csv")

    def _records(self, visit: Visit) -> Iterator[dict[str, Any]]:
        place = visit.requester.read(
            find_group, *named(visit.request.path_params)
        ).place
        names_workers = visit.asked("workers") == "ids"
        return (
            _record(row, row.worker_id if names_workers else _pseudonym(visit, row))
            for row in _rows(visit, place)
        )


def _aggregate(visit: Visit, reading: Reading) -> Aggregation | Consensus:
    method, known = visit.asked("method", "auto"), method_names(reading.kind)
    if not known:
        raise BadInput("there are no votes here that this server can read")
    if method not in ["auto", *known]:
        choices = ", ".join(known)
        raise BadInput(f"there is no method {method!r}; choose from: {choices}")
    rejected = visit.requester.read(find_rejected, reading.place)
    votes = [
        (vote.thing, reading.entries[vote.entry].worker, vote.label)
        for vote in reading.votes
        if reading.entries[vote.entry].key not in rejected
    ]
    return aggregate(votes, method, kind=reading.kind)


def _rows(visit: Visit, place: Place) -> Iterator[AnswerRow]:
    after = (0, -1, -1)
    while found := visit.requester.read(find_answers, place, after=after, most=AT_ONCE):
        yield from read_rows(visit.requester, found)
        last = found[-1]
        after = (last.item, int(last.submitted.timestamp()), last.key)


def _record(row: AnswerRow, worker: str) -> dict[str, Any]:
    facts = to_json(row)
    return {
        name: {"task": row.item, "worker": worker}.get(name, facts.get(name))
        for name in COLUMNS
    }


def _pseudonym(visit: Visit, row: AnswerRow) -> str:
    # Another requester's export has another name for the same person.
    return visit.market.sign(f"pseudonym {visit.name} {row.worker_id}")


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _csv(columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, [*columns], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _file(text: Iterable[str], name: str, kind: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(text, media_type=f"{kind}; charset=utf-8", headers=headers)
