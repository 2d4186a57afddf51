"""How a group stands: its figures, its pace, and what its answers show."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import attrs

from crowdlab.marketplace import Requester
from crowdlab.marketplace.known_labels import find_known_labels
from crowdlab.marketplace.overview import Group, count_submissions, find_group
from crowdlab.marketplace.submissions import find_rejected
from crowdlab.server.desk.crowds import Crowd, study
from crowdlab.server.desk.reading import Reading, Readings

__all__ = ["Progress", "Standing", "Standings", "find_progress"]

HOUR = 3600
#: Steps of the line of a chart.
STEPS = 160
#: A study that took longer is made anew only when there is so much more to study.
SLOW, MORE = 0.3, 0.05


@attrs.frozen
class Progress:
    """How fast answers come.

    Attributes:
        per_hour: answers in the last hour, or since the group is there.
        ends: when all answers are here, at this pace.
        arrivals: the start of each span of time with answers, and their number.
    """

    per_hour: float
    ends: dt.datetime | None
    arrivals: tuple[tuple[int, int], ...]


@attrs.frozen
class Standing:
    """A group, and what is known of it now.

    Attributes:
        is_read: whether the crowd's figures rest on all answers.
        known: the labels that the requester knows, by task.
    """

    group: Group
    crowd: Crowd
    is_read: bool
    reading: Reading
    known: Mapping[str, str]


@attrs.frozen
class _Study:
    crowd: Crowd
    state: tuple[int, int]
    known: Mapping[str, str]
    seconds: float

    def is_good_for(self, state: tuple[int, int], known: Mapping[str, str]) -> bool:
        if known != self.known:
            return False
        if state == self.state:
            return True
        n_more = abs(state[0] - self.state[0])
        return self.seconds > SLOW and n_more < MORE * self.state[0]


@attrs.frozen
class Standings:
    """Finds how groups stand, and remembers what took long to find."""

    _readings: Readings = attrs.field(factory=Readings)
    _studies: WeakKeyDictionary[Reading, _Study] = attrs.field(
        factory=WeakKeyDictionary
    )

    def find(
        self, environment: str, requester: Requester, owner: str, which: tuple[str, str]
    ) -> Standing:
        """How a group stands.

        Args:
            environment: of the market.
            owner: the requester's name.
            which: kind and name of the group.

        Raises:
            NotFound: the requester has none such.
        """
        group = requester.read(find_group, *which)
        reading = self._readings.of(environment, owner, group.place)
        is_read = reading.advance(requester, group)
        state = len(reading.entries), group.rejected
        known = requester.read(find_known_labels, "/".join(which))
        made = self._studies.get(reading)
        if made is None or not made.is_good_for(state, known):
            made = self._study(requester, group, reading, state, known)
        return Standing(group, made.crowd, is_read, reading, known)

    def _study(
        self,
        requester: Requester,
        group: Group,
        reading: Reading,
        state: tuple[int, int],
        known: Mapping[str, str],
    ) -> _Study:
        rejected: Any = frozenset()
        if group.rejected:
            rejected = requester.read(find_rejected, group.place)
        crowd, seconds = _timed(
            lambda: study(reading, group.reward, rejected=rejected, known=known)
        )
        made = _Study(crowd, state, known, seconds)
        self._studies[reading] = made
        return made


def find_progress(requester: Requester, group: Group, now: dt.datetime) -> Progress:
    """How fast the answers to a group come."""
    age = max(1, int((now - group.created).total_seconds()))
    width = max(1, age // STEPS)
    arrivals = requester.read(count_submissions, group.place, width=width)
    lately = requester.read(
        count_submissions,
        group.place,
        width=HOUR,
        since=int(now.timestamp()) - HOUR,
    )
    per_hour = sum(n for _, n in lately) * HOUR / min(age, HOUR)
    return Progress(per_hour, _end(group, per_hour, now), tuple(arrivals))


def _end(group: Group, per_hour: float, now: dt.datetime) -> dt.datetime | None:
    n_left = group.available + group.accepted
    if not n_left or not per_hour:
        return None
    return now + dt.timedelta(hours=n_left / per_hour)


def _timed(act: Callable[[], Crowd]) -> tuple[Crowd, float]:
    start = time.perf_counter()
    return act(), time.perf_counter() - start
