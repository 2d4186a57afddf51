"""The Qualifications that the marketplace itself gives: Masters, counts, locale, adult.

Their types belong to nobody, and their values are computed when somebody needs them,
from what a worker brought along and what they did on this market.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.schema import assignments, is_live

__all__ = [
    "LOCALE",
    "MASTERS",
    "SYSTEM_TYPES",
    "Locale",
    "SystemType",
    "Value",
    "system_value",
]

#: A share of fewer assignments than this would say nothing.
MEANINGFUL = 100

APPROVED = "00000000000000000040"
ADULT = "00000000000000000060"
LOCALE = "00000000000000000071"
PERCENT = "000000000000000000L0"
MASTERS = {
    "production": "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH",
    "sandbox": "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6",
}


@attrs.frozen
class Locale:
    """Where a worker lives, or may live: a country, or a state of it."""

    country: str
    subdivision: str | None = None

    def __str__(self) -> str:
        return "-".join(filter(None, [self.country, self.subdivision]))

    def holds(self, other: "Locale") -> bool:
        """Whether the other place lies in this one.

        Example:
            >>> Locale("US").holds(Locale("US", "WA")), Locale("US", "WA").holds(Locale("US"))
            (True, False)
        """
        return self.country == other.country and (
            self.subdivision is None or self.subdivision == other.subdivision
        )


Value = int | Locale


@attrs.frozen
class SystemType:
    """A type of Qualification that the marketplace gives by itself."""

    qualification_type_id: str
    name: str
    description: str
    keywords: str


_COUNTED = (
    SystemType(
        APPROVED,
        "Number of HITs approved",
        "How many assignments of the Worker were approved.",
        "Worker_NumberHITsApproved, approved, total",
    ),
    SystemType(
        ADULT,
        "Adult content",
        "Whether the Worker agreed to see what is not for children: 1 or 0.",
        "Worker_Adult, adult, offensive",
    ),
    SystemType(
        LOCALE,
        "Location",
        "The country, and perhaps the state, where the Worker lives.",
        "Worker_Locale, location, country, state",
    ),
    SystemType(
        PERCENT,
        "HIT approval rate (%)",
        "How many in a hundred of the Worker's assignments were approved; 100 until "
        "100 were submitted.",
        "Worker_PercentAssignmentsApproved, approval, rate, percent",
    ),
)


def _masters(qualification_type_id: str) -> SystemType:
    return SystemType(
        qualification_type_id,
        "Masters",
        "Workers whose work was excellent across many requesters' HITs.",
        "masters",
    )


#: The types by environment and id: Masters have another id in the sandbox.
SYSTEM_TYPES: Mapping[str, Mapping[str, SystemType]] = {
    environment: {
        kind.qualification_type_id: kind for kind in (*_COUNTED, _masters(masters))
    }
    for environment, masters in MASTERS.items()
}

_HISTORY = Statement(
    sa.select(
        sa.func.count().label("submitted"),
        sa.func.count(assignments.c.approved).label("approved"),
        sa.func.count(assignments.c.rejected).label("rejected"),
    ).where(
        (assignments.c.worker == bindparam("who"))
        & assignments.c.submitted.is_not(None)
        # Says nothing new, but lets the store use the index of live work.
        & is_live(assignments)
    )
)


def system_value(call: Call, worker: Row, qualification_type_id: str) -> Value | None:
    """A worker's value of a system's Qualification; ``None`` where they have none."""
    return _READERS[qualification_type_id](call, worker)


def _approved(call: Call, worker: Row) -> int:
    return int(worker.approved + call.one(_HISTORY, who=worker.id).approved)


def _percent(call: Call, worker: Row) -> int:
    """The share of what was decided, once enough was submitted to call it one."""
    history = call.one(_HISTORY, who=worker.id)
    before = Fraction(100 * worker.approved, worker.percent or 100)
    decided = before + history.approved + history.rejected
    if before + history.submitted < MEANINGFUL or not decided:
        return int(worker.percent)
    return int(100 * (worker.approved + history.approved) / decided)


def _adult(_call: Call, worker: Row) -> int:
    return int(worker.is_adult)


def _locale(_call: Call, worker: Row) -> Locale:
    return Locale(worker.country, worker.subdivision)


def _master(_call: Call, worker: Row) -> int | None:
    return 1 if worker.is_master else None


_READERS: Mapping[str, Callable[[Call, Row], Value | None]] = {
    APPROVED: _approved,
    ADULT: _adult,
    LOCALE: _locale,
    PERCENT: _percent,
    **dict.fromkeys(MASTERS.values(), _master),
}
