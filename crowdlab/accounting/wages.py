"""What workers earn in an hour, and what would be fair."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from statistics import median, quantiles

import attrs

__all__ = ["Piece", "TopUp", "Wages", "fair_reward", "hourly_wage", "top_ups"]

SECONDS_PER_HOUR = 3600
CENT = Decimal("0.01")


@attrs.frozen
class Piece:
    """One assignment's work: who did it, how long it took, and what it earned."""

    worker: str
    assignment_id: str
    seconds: float
    pay: Decimal


@attrs.frozen
class TopUp:
    """A bonus by which a worker comes to an hourly wage."""

    assignment_id: str
    amount: Decimal
    reason: str


@attrs.frozen
class Wages:
    """The hourly wages of workers, over all of the work of each: their quartiles."""

    lower: Decimal
    median: Decimal
    upper: Decimal

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> "Wages | None":
        """What workers earn an hour; ``None`` where nothing took time.

        Example:
            >>> pieces = [
            ...     Piece(f"A{n}", str(n), 10.0 * n, Decimal("0.10")) for n in (1, 2, 3)
            ... ]
            >>> Wages.of(pieces)
            Wages(lower=Decimal('15.00'), median=Decimal('18.00'), upper=Decimal('27.00'))
        """
        found = [hourly_wage(_pay(work), _seconds(work)) for work in _by_worker(pieces)]
        known = [float(wage) for wage in found if wage is not None]
        if not known:
            return None
        # A single value, which the function would refuse, is its own quartiles.
        several = known * 2 if len(known) == 1 else known
        cuts = quantiles(several, n=4, method="inclusive")
        return cls(*(Decimal(str(cut)).quantize(CENT) for cut in cuts))

    def to_json(self) -> dict[str, str]:
        """The wages as text."""
        return {name: f"{wage:.2f}" for name, wage in attrs.asdict(self).items()}


def hourly_wage(reward: Decimal, seconds: float) -> Decimal | None:
    """Dollars an hour for a reward earned in so many seconds; ``None`` for no time.

    Example:
        >>> hourly_wage(Decimal("0.05"), seconds=20)
        Decimal('9.00')
    """
    if seconds <= 0:
        return None
    wage = reward * SECONDS_PER_HOUR / Decimal(str(seconds))
    return wage.quantize(CENT, ROUND_HALF_UP)


def fair_reward(seconds: Sequence[float], target: Decimal) -> Decimal | None:
    """The reward that pays so much an hour at the median time, up to a whole cent.

    Example:
        >>> fair_reward([10, 20, 60], Decimal("15.00"))
        Decimal('0.09')
    """
    if not any(seconds):
        return None
    return _earned(median(seconds), target)


def top_ups(pieces: Iterable[Piece], target: Decimal) -> Iterator[TopUp]:
    """The bonuses that bring every worker to so much an hour, over all of the work.

    Each worker gets one, for the last assignment: a worker's quick and slow tasks make
    up for each other, and marketplaces take a fee for every bonus.

    Example:
        >>> pieces = [Piece("A1", "x", 60.0, Decimal("0.10")), Piece("A1", "y", 30.0, Decimal("0.10"))]
        >>> [(each.assignment_id, str(each.amount)) for each in top_ups(pieces, Decimal(15))]
        [('y', '0.18')]
    """
    for work in _by_worker(pieces):
        missing = _earned(_seconds(work), target) - _pay(work)
        if missing > 0:
            reason = _reason(len(work), _seconds(work), target)
            yield TopUp(work[-1].assignment_id, missing, reason)


def _by_worker(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    found: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        found[piece.worker].append(piece)
    return found.values()


def _seconds(work: Iterable[Piece]) -> float:
    return sum(piece.seconds for piece in work)


def _pay(work: Iterable[Piece]) -> Decimal:
    return sum((piece.pay for piece in work), Decimal(0))


def _earned(seconds: float, hourly: Decimal) -> Decimal:
    earned = hourly * Decimal(str(seconds)) / SECONDS_PER_HOUR
    return earned.quantize(CENT, ROUND_CEILING)


def _reason(number: int, seconds: float, target: Decimal) -> str:
    tasks = "1 task" if number == 1 else f"{number:,} tasks"
    return f"Thank you. This brings {tasks} in {seconds / 60:.1f} minutes to ${target:.2f} an hour."
