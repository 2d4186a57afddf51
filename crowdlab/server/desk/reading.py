"""Answers read once each, as they come, for all the figures that are made of them.

To read a hundred thousand answers takes half a minute. So each look at a page reads on
for a moment and tells what is known so far; what was read is kept while the server runs.
"""

import threading
import time
from collections import OrderedDict
from typing import Any

import attrs

from crowdlab.marketplace import Requester
from crowdlab.marketplace.items import find_questions
from crowdlab.marketplace.overview import Group, Place
from crowdlab.marketplace.submissions import Submission, find_new_answers
from crowdlab.server.desk.tasks import Asked, Said, read_answer, read_asked

__all__ = ["Entry", "Reading", "Readings", "Vote"]

#: Seconds that one look may read on.
PATIENCE = 0.4
AT_ONCE = 200
MOST_TASKS = 500
MOST_READINGS = 16
#: Several servers of one store: their clocks may differ by so many seconds.
OVERLAP = 60


@attrs.frozen
class Entry:
    """What is kept of an answer.

    Attributes:
        waited: seconds from accepting to submitting.
        active: those at work, where the page measured it.
        score: the share of a review policy's known answers that is right.
        has_arrived: what a follower of a route says; who did is known to those alone
            who have the route.
    """

    key: int
    item: int
    worker: str
    submitted: int
    waited: int
    active: float | None
    n_pasted: int
    score: float | None
    has_arrived: bool | None
    is_faulty: bool

    @property
    def seconds(self) -> float:
        """The best that is known of the time it took."""
        return self.waited if self.active is None else self.active


@attrs.frozen
class Vote:
    """One judgement, and the place of its answer among the entries."""

    entry: int
    thing: str
    label: Any


@attrs.define(eq=False)
class Reading:
    """What was read of a group's answers so far.

    Attributes:
        kind: what the votes are: ``classes``, or a kind that aggregation knows;
            ``mixed`` where tasks differ, empty where nothing votes.
        gold: known labels that stand in the tasks themselves.
        items: the HIT of each thing that is judged.
    """

    place: Place
    entries: list[Entry] = attrs.field(factory=list)
    votes: list[Vote] = attrs.field(factory=list)
    kind: str = ""
    gold: dict[str, Any] = attrs.field(factory=dict)
    items: dict[str, int] = attrs.field(factory=dict)
    _known: set[int] = attrs.field(factory=set)
    _behind: tuple[int, int] = (0, 0)
    _tasks: OrderedDict[int, Asked] = attrs.field(factory=OrderedDict)
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def advance(self, requester: Requester, group: Group) -> bool:
        """Reads on for a moment; says whether all is read."""
        with self._lock:
            end = time.monotonic() + PATIENCE
            while len(self.entries) < group.done and time.monotonic() < end:
                if not self._read_some(requester, group):
                    break
            return len(self.entries) >= group.done

    def _read_some(self, requester: Requester, group: Group) -> bool:
        new, behind = requester.read(
            find_new_answers,
            self.place,
            behind=max(self._behind, (int(group.created.timestamp()) - OVERLAP, 0)),
            known=self._known,
            most=AT_ONCE,
        )
        self._learn_tasks(requester, new)
        for answer in new:
            self._add(answer, self._tasks[answer.item])
        while len(self._tasks) > MOST_TASKS:
            self._tasks.popitem(last=False)
        newest = self.entries[-1].submitted if self.entries else 0
        self._behind = behind or (newest - OVERLAP, 0)
        return behind is not None or bool(new)

    def _learn_tasks(self, requester: Requester, new: list[Submission]) -> None:
        names = {each.item: each.name for each in new if each.item not in self._tasks}
        if names:
            for item, xml in requester.read(find_questions, names).items():
                self._tasks[item] = asked = read_asked(xml, names[item])
                self._learn_gold(asked)

    def _learn_gold(self, asked: Asked) -> None:
        if asked.reader is not None and asked.task is not None:
            kind = asked.reader.ballot.kind_of(asked.task)
            self.kind = kind if self.kind in {"", kind} else "mixed"
            self.gold |= asked.reader.ballot.gold(asked.task)

    def _add(self, answer: Submission, asked: Asked) -> None:
        said = read_answer(asked, answer.xml)
        place = len(self.entries)
        self._known.add(answer.key)
        self.entries.append(_entry(answer, said))
        for thing, label in said.votes:
            self.votes.append(Vote(place, thing, label))
            self.items[thing] = answer.item


@attrs.frozen
class Readings:
    """The readings of the groups that were looked at last."""

    _by_place: OrderedDict[Any, Reading] = attrs.field(factory=OrderedDict)
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def of(self, environment: str, requester: str, place: Place) -> Reading:
        """The reading of a group."""
        key = (environment, requester, place)
        with self._lock:
            found = self._by_place.setdefault(key, Reading(place))
            self._by_place.move_to_end(key)
            while len(self._by_place) > MOST_READINGS:
                self._by_place.popitem(last=False)
            return found


def _entry(answer: Submission, said: Said) -> Entry:
    return Entry(
        key=answer.key,
        item=answer.item,
        worker=answer.worker_id,
        submitted=int(answer.submitted.timestamp()),
        waited=round((answer.submitted - answer.accepted).total_seconds()),
        active=said.active,
        n_pasted=said.n_pasted,
        score=None if answer.score is None else answer.score / 100,
        has_arrived=said.has_arrived,
        is_faulty=bool(said.fault),
    )
