"""How many bytes this process holds, and how many it held at most."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import psutil

__all__ = ["Measurement", "measured", "resident_bytes"]

_CLEAR_REFS = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"


@attrs.define
class Measurement:
    """What one piece of work took; complete once the work is done.

    Attributes:
        verb: the piece of work.
        seconds: how long it took.
        before_bytes: what the process held when it began (its resident set).
        peak_bytes: the most it held meanwhile. Linux tells exactly; other systems
            only know the most since the process began.
        held_bytes: what it held when it ended.
    """

    verb: str
    seconds: float = 0.0
    before_bytes: int = 0
    peak_bytes: int = 0
    held_bytes: int = 0


@contextmanager
def measured(verb: str) -> Iterator[Measurement]:
    """Measures the work done inside.

    Example:
        >>> with measured("count") as measurement:
        ...     total = sum(range(1000))
        >>> measurement.peak_bytes >= measurement.before_bytes > 0
        True
    """
    _forget_peak()
    measurement = Measurement(verb, before_bytes=resident_bytes())
    start = time.perf_counter()
    try:
        yield measurement
    finally:
        measurement.seconds = time.perf_counter() - start
        measurement.held_bytes = resident_bytes()
        measurement.peak_bytes = max(
            measurement.before_bytes, measurement.held_bytes, _peak()
        )


def resident_bytes() -> int:
    """How many bytes this process holds in memory now."""
    return int(psutil.Process().memory_info().rss)


def _forget_peak() -> None:
    try:
        _CLEAR_REFS.write_text(_RESET_PEAK)
    except OSError:
        # Not Linux, or a container that forbids it: the peak is of all our life.
        return


def _peak() -> int:
    try:
        lines = _STATUS.read_text().splitlines()
        return next(_kilobytes(line) for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return _peak_of_life()


def _kilobytes(line: str) -> int:
    return int(line.split()[1]) * 1024


def _peak_of_life() -> int:
    memory = psutil.Process().memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))
