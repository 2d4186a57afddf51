"""One requester's side of a marketplace: the API, an account, and what was reported."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from crowdlab.accounting.fees import FeeSchedule
from crowdlab.marketplace import accounts, layouts, panels, problems
from crowdlab.marketplace.call import Call
from crowdlab.marketplace.engine import NOBODY, Engine
from crowdlab.marketplace.panels import PARAMETERS, Panel, Participant
from crowdlab.marketplace.problems import Problem
from crowdlab.money import from_cents

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_mturk import MTurkClient

__all__ = ["Requester"]

P = ParamSpec("P")
T = TypeVar("T")


class Requester:
    """One requester's side of a marketplace: the API, and an account.

    Args:
        engine: of the marketplace.
        name: of the account, which is opened when it is first used.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._key = engine.act(NOBODY, accounts.find_requester, name)

    @property
    def location(self) -> str:
        """Where the marketplace is kept."""
        return self._engine.database.location

    @property
    def environment(self) -> str:
        """``production``, where money is counted, or ``sandbox``."""
        return self._engine.house.environment

    @property
    def fees(self) -> FeeSchedule:
        """What the marketplace takes beyond rewards and bonuses."""
        return self._engine.house.fees

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Does an operation of the API for this requester.

        Raises:
            MTurkError: the operation is refused.
        """
        return self._engine.operate(self._key, operation, params)

    def read(
        self,
        find: Callable[Concatenate[Call, P], T],
        *values: P.args,
        **named: P.kwargs,
    ) -> T:
        """What one of the finding functions of this room finds for this requester."""
        return self._engine.act(self._key, find, *values, **named)

    @contextmanager
    def group(self) -> Iterator[None]:
        """Many calls that become durable together."""
        with self._engine.group():
            yield

    def client(self, *, config: "Config | None" = None) -> "MTurkClient":
        """A real boto3 client whose requests come here, without any network."""
        from crowdlab.marketplace.boto import bound_client  # noqa: PLC0415 - slow import

        return bound_client(self.call, self.environment, config)

    def add_layout(self, html: str, *, frame_height: int = 0) -> str:
        """Keeps a page with ``${name}`` in it, and gives its HITLayoutId."""
        return self.read(layouts.add_layout, html, frame_height)

    def open_panel(
        self,
        work: str,
        *,
        completion_url: str,
        completion_code: str,
        most: int | None = None,
        parameters: Sequence[str] = PARAMETERS,
    ) -> Panel:
        """Opens a way in for people of another site; see :mod:`~crowdlab.marketplace.panels`.

        Args:
            work: the name of a batch, or the id of a HIT type, its group or a HIT of it.
            completion_url: where people go when they are done.
            completion_code: what they show there.
            most: how many assignments are enough; all there are by default.
            parameters: how the link calls participant, study and session.

        Raises:
            BadInput: there can be no such panel.
            NotFound: this requester has no such work.
        """
        return self.read(
            panels.open_panel,
            work,
            completion_url=completion_url,
            completion_code=completion_code,
            most=most,
            parameters=parameters,
        )

    def close_panel(self, name: str) -> None:
        """Lets nobody new in through a panel; who is in can finish."""
        self.read(panels.close_panel, name)

    def panels(self) -> list[Panel]:
        """The panels that were opened, newest first."""
        return self.read(panels.find_panels)

    def participants(self, name: str) -> list[Participant]:
        """Who came through a panel: personal data of the other site."""
        return self.read(panels.find_participants, name)

    def problems(self, hit_id: str = "") -> list[Problem]:
        """What workers reported about the HITs, or about one, newest first."""
        return self.read(problems.find_problems, hit_id)

    def deposit(self, amount: str | int | Decimal) -> None:
        """Puts dollars into the account."""
        self.read(accounts.deposit, amount)

    def withdraw(self, amount: str | int | Decimal) -> None:
        """Takes dollars out of the account again."""
        self.read(accounts.withdraw, amount)

    @property
    def balance(self) -> Decimal:
        """What may still be spent."""
        return from_cents(self.read(accounts.available))
