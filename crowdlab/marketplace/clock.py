"""What time it is: any callable that gives seconds since 1970."""

import datetime as dt
from collections.abc import Callable

__all__ = ["Clock", "ManualClock", "moment"]

Clock = Callable[[], float]


class ManualClock:
    """A clock that stands still until it is told to go on.

    Args:
        start: seconds since 1970.

    Example:
        >>> clock = ManualClock(1_000_000_000)
        >>> clock.advance(60)
        >>> clock()
        1000000060.0
    """

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = float(start)

    def __call__(self) -> float:
        """The time it shows."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Moves on; time never runs backwards.

        Raises:
            ValueError: for negative seconds.
        """
        if seconds < 0:
            raise ValueError(f"seconds: {seconds} is negative")
        self._now += seconds


def moment(seconds: int) -> dt.datetime:
    """Whole seconds since 1970 as the aware datetime that boto3 would give."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
