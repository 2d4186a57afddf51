"""Who works on the market, and what they brought along when they registered."""

import re

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import BadInput, WorkRefused
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.countries import is_country, is_subdivision
from crowdlab.marketplace.schema import workers

__all__ = ["Traits", "find_worker", "known_worker", "register"]

MOST_APPROVED = 1_000_000_000
WORKER_ID = re.compile("A[A-Z0-9]{1,63}")

_WORKER = Statement(sa.select(workers).where(workers.c.worker_id == bindparam("name")))
_NEW_WORKER = Statement(workers.insert().returning(workers.c.id))


@attrs.frozen(kw_only=True)
class Traits:
    """What a worker brings along to the market.

    Attributes:
        country: where they live, by its ISO 3166 code.
        subdivision: the state, by its ISO 3166-2 code, where that is known.
        approved: how many of their assignments were approved elsewhere.
        percent: how many in a hundred of those they submitted were.
        masters: whether they are a Master.
        adult: whether they agreed to see what is not for children.
    """

    country: str = "US"
    subdivision: str | None = None
    approved: int = 0
    percent: int = 100
    masters: bool = False
    adult: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuses what no worker can have."""
        if not is_country(self.country):
            raise BadInput(f"country: {self.country!r} is no ISO 3166 code")
        if self.subdivision is not None and not is_subdivision(self.subdivision):
            raise BadInput(f"subdivision: {self.subdivision!r} is no ISO 3166-2 code")
        if not 0 <= self.approved <= MOST_APPROVED:
            raise BadInput(f"approved: {self.approved} is no number of assignments")
        if not 0 <= self.percent <= 100:  # noqa: PLR2004 - it is a percentage
            raise BadInput(f"percent: {self.percent} lies outside 0 to 100")
        if self.approved and not self.percent:
            raise BadInput(f"percent: 0 contradicts approved: {self.approved}")


def register(call: Call, worker_id: str | None, traits: Traits) -> str:
    """Lets a worker in, under the given name or a new one; twice changes nothing.

    Raises:
        BadInput: the name is none that MTurk would give.
    """
    name = worker_id or call.house.ids.new("A", 14)
    if not WORKER_ID.fullmatch(name):
        raise BadInput(
            f"worker_id: {name!r} is no worker id: an A, then capitals and digits"
        )
    if call.one(_WORKER, name=name) is None:
        call.insert(
            _NEW_WORKER,
            worker_id=name,
            registered=call.now,
            country=traits.country,
            subdivision=traits.subdivision,
            approved=traits.approved,
            percent=traits.percent,
            is_master=traits.masters,
            is_adult=traits.adult,
        )
    return name


def find_worker(call: Call, worker_id: str) -> Row:
    """The worker of that name, who asks for something.

    Raises:
        WorkRefused: nobody is registered under it.
    """
    worker = call.one(_WORKER, name=worker_id)
    if worker is None:
        raise WorkRefused("unknown-worker", f"no worker {worker_id} is registered")
    return worker


def known_worker(call: Call, worker_id: str) -> Row:
    """The worker of that name, of whom a requester speaks.

    Raises:
        Refusal: nobody is registered under it.
    """
    worker = call.one(_WORKER, name=worker_id)
    if worker is None:
        raise refusals.bad_parameter("WorkerId", worker_id)
    return worker
