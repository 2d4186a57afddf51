"""How the work on a batch came in, from the times of its answers."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from statistics import median

import numpy as np

from crowdlab.accounting import Piece, Wages
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.workflow.accounts import Pace
from crowdlab.workflow.earnings import Timed, read_times

__all__ = ["measure_pace"]

STEPS, BANDS = 48, 20
#: Longer than nearly all: what is above it stands in the last band.
MOST = 0.95


def measure_pace(ledger: Ledger, record: BatchRecord) -> Pace:
    """When answers came, from how many workers, and how long they took."""
    done = list(read_times(ledger, record))
    if not done:
        return Pace()
    elapsed = [each.elapsed for each in done]
    told = [each.active for each in done if each.active is not None]
    middle = median(elapsed)
    moments, arrived = _arrivals([each.at for each in done])
    seconds, durations = _bands(elapsed)
    paid = (_piece(each) for each in done if each.is_paid)
    return Pace(
        moments=moments,
        arrived=arrived,
        workloads=tuple(sorted(Counter(e.worker for e in done).values(), reverse=True)),
        seconds=seconds,
        durations=durations,
        elapsed_seconds=middle,
        active_seconds=median(told) if told else None,
        # Simulated work takes no time, and what little was measured is no wage.
        wages=Wages.of(paid) if middle else None,
    )


def _piece(timed: Timed) -> Piece:
    return Piece(timed.worker, timed.assignment_id, timed.elapsed, timed.pay)


def _arrivals(
    times: Sequence[float],
) -> tuple[tuple[dt.datetime, ...], tuple[int, ...]]:
    steps = np.linspace(min(times), max(times), STEPS)
    arrived = np.searchsorted(np.sort(times), steps, side="right")
    moments = tuple(dt.datetime.fromtimestamp(step, dt.UTC) for step in steps)
    return moments, tuple(arrived.tolist())


def _bands(elapsed: Sequence[float]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    most = float(np.quantile(elapsed, MOST)) or 1.0
    edges = np.linspace(0, most, BANDS + 1)
    counts, _ = np.histogram(np.minimum(elapsed, most), bins=edges)
    return tuple(edges.round(3).tolist()), tuple(counts.tolist())
