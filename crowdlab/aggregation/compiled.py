"""The engine's sums in machine code, made by numba when they are first called.

They do what the functions of the same names in the engine do, without arrays of a
number for each vote. Rows of tables are read as they come: to pad them, or to
unroll the loops for each number of classes, was measured and gained nothing.
"""

import logging
import math
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from crowdlab.aggregation.codes import Codes
from crowdlab.errors import MissingExtra

try:
    import numba
    from numba.core import event
except ModuleNotFoundError as error:
    raise MissingExtra("sums in machine code", "fast") from error

__all__ = [
    "add_ballots",
    "add_ones",
    "add_right",
    "add_right_ballots",
    "add_shared_ballots",
    "add_shares",
    "count",
    "decide",
    "divide_ballots",
    "e_step",
    "group",
    "is_undisputed",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Counts = npt.NDArray[np.unsignedinteger]
Function = TypeVar("Function", bound=Callable[..., Any])

# Beliefs about so many tasks stay in the first cache between the steps.
BLOCK = 64

# From so many votes of a task on, sorting them one into the other is slow.
MANY = 64

# exp(x) = 2**k * exp(r), where r is at most log(2) / 2 away from 0. The two parts of
# log(2) keep the digits that a product with k would lose, and adding ROUNDER leaves
# k in the last bits of the sum.
LEAST_EXPONENT = -700.0
LOG2_E = 1 / math.log(2)
LOG_2_HIGH = 0.693145751953125
LOG_2_LOW = 1.42860682030941723212e-6
ROUNDER = 1.5 * 2.0**52
EXPONENT_BIAS, MANTISSA_BITS = 1023, 52
TAYLOR = tuple(1 / math.factorial(n) for n in range(14))


class _Notice(event.Listener):
    """Says once that a compiler is at work, which takes a moment."""

    said = False

    @override
    def on_start(self, event: Any) -> None:
        if not self.said and event.data["dispatcher"].py_func.__module__ == __name__:
            self.said = True
            logging.getLogger("crowdlab").warning(
                "compiling for speed: once on this machine, kept in %s",
                event.data["dispatcher"].stats.cache_path,
            )

    @override
    def on_end(self, event: Any) -> None:
        pass


event.register("numba:compile", _Notice())  # type: ignore[no-untyped-call]


def _compiled(function: Function) -> Function:
    """Machine code of the function, kept on disk, that leaves other threads alone."""
    compile_it = partial(numba.njit, nogil=True, error_model="numpy")
    try:
        made: Any = compile_it(cache=True)(function)
    except RuntimeError:  # there is no folder to keep it in that can be written to
        made = compile_it(cache=False)(function)
    kept: Function = made
    return kept


@_compiled
def e_step(  # noqa: PLR0917 - numba knows no keywords
    cells: Codes,
    starts: Codes,
    gold: Codes,
    prior: Floats,
    table: Floats,
    n_labels: int,
    belief: Floats,
    counts: Floats,
) -> float:
    """Writes the beliefs, adds them to the counts, and gives the evidence."""
    powers = np.empty(BLOCK * len(prior))
    evidence = 0.0
    for first in range(0, len(gold), BLOCK):
        last = min(first + BLOCK, len(gold))
        spans, block = starts[first : last + 1], belief[first:last]
        _add_logarithms(cells, spans, prior, table, block)
        _rule_out(gold[first:last], n_labels, block)
        evidence += _shift(block)
        _exponentiate(block.reshape(-1), powers, powers.view(np.int64))
        evidence += _normalize(block)
        count(cells, spans, block, counts)
    return evidence


@_compiled
def _add_logarithms(
    cells: Codes, starts: Codes, prior: Floats, table: Floats, joint: Floats
) -> None:
    for task in range(len(joint)):
        row = joint[task]
        for state in range(len(prior)):
            row[state] = prior[state]
        for vote in range(starts[task], starts[task + 1]):
            cell = np.uint32(cells[vote])
            for state in range(len(prior)):
                row[state] += table[cell, state]


@_compiled
def _rule_out(gold: Codes, n_labels: int, joint: Floats) -> None:
    per_label = joint.shape[1] // n_labels
    for task in range(len(joint)):
        if gold[task] >= 0:
            known = per_label * gold[task]
            joint[task, :known] = -np.inf
            joint[task, known + per_label :] = -np.inf


@_compiled
def _shift(joint: Floats) -> float:
    """Leaves 0 for the likeliest state of each task, and gives the sum of the rest."""
    total = 0.0
    for task in range(len(joint)):
        row = joint[task]
        peak = row[0]
        for state in range(1, len(row)):
            peak = max(peak, row[state])
        for state in range(len(row)):
            row[state] -= peak
        total += peak
    return total


@_compiled
def _exponentiate(values: Floats, powers: Floats, bits: Integers) -> None:
    """Raises e to the values, each loop many at a time, which the library's cannot.

    The results differ from the library's by a unit in the last place. The bits are
    those of the powers.
    """
    for i in range(len(values)):
        value = max(values[i], LEAST_EXPONENT)
        shifted = value * LOG2_E + ROUNDER
        whole = shifted - ROUNDER
        rest = (value - whole * LOG_2_HIGH) - whole * LOG_2_LOW
        powers[i] = shifted
        values[i] = _taylor(rest) if values[i] > LEAST_EXPONENT else 0.0
    for i in range(len(values)):
        bits[i] = (bits[i] + EXPONENT_BIAS) << MANTISSA_BITS
    for i in range(len(values)):
        values[i] *= powers[i]


@_compiled
def _taylor(rest: float) -> float:
    series = TAYLOR[13]
    for n in range(12, -1, -1):
        series = series * rest + TAYLOR[n]
    return series


@_compiled
def _normalize(joint: Floats) -> float:
    """Makes rows sum to 1, and gives the logarithm of what they were multiplied by."""
    total = 0.0
    for task in range(len(joint)):
        row = joint[task]
        row_sum = 0.0
        for state in range(len(row)):
            row_sum += row[state]
        for state in range(len(row)):
            row[state] /= row_sum
        total += math.log(row_sum)
    return total


@_compiled
def count(cells: Codes, starts: Codes, belief: Floats, counts: Floats) -> None:
    """Adds the beliefs about the tasks where a cell occurs to its row."""
    for task in range(len(belief)):
        row = belief[task]
        for vote in range(starts[task], starts[task + 1]):
            cell = np.uint32(cells[vote])
            for state in range(len(row)):
                counts[cell, state] += row[state]


@_compiled
def group(  # noqa: PLR0917 - the same
    task: Codes, worker: Codes, label: Codes, n_labels: int, starts: Codes, cells: Codes
) -> None:
    """Writes the cells task by task, sorted, and where each task's start."""
    for vote in range(len(task)):
        starts[task[vote] + 1] += 1
    for place in range(1, len(starts)):
        starts[place] += starts[place - 1]
    ends = starts[:-1].copy()
    for vote in range(len(task)):
        place = ends[task[vote]]
        cells[place] = worker[vote] * n_labels + label[vote]
        ends[task[vote]] = place + 1
    for place in range(len(starts) - 1):
        _sort(cells[starts[place] : starts[place + 1]])


@_compiled
def _sort(cells: Codes) -> None:
    if len(cells) > MANY:
        cells.sort()
        return
    for last in range(1, len(cells)):
        cell, place = cells[last], last
        while place > 0 and cells[place - 1] > cell:
            cells[place] = cells[place - 1]
            place -= 1
        cells[place] = cell


@_compiled
def add_shares(cells: Codes, starts: Codes, label: Codes, belief: Floats) -> None:
    """Adds each label's share of a task's votes, where each cell has a label."""
    for task in range(len(belief)):
        share = 1 / (starts[task + 1] - starts[task])
        for vote in range(starts[task], starts[task + 1]):
            belief[task, label[cells[vote]]] += share


@_compiled
def add_right(
    cells: Codes, starts: Codes, label: Codes, belief: Floats, right: Floats
) -> None:
    """Adds the belief in each vote to what its cell is expected to have right."""
    for task in range(len(belief)):
        for vote in range(starts[task], starts[task + 1]):
            cell = cells[vote]
            right[cell] += belief[task, label[cell]]


@_compiled
def add_ballots(task: Codes, label: Codes, sums: Floats) -> None:
    """Adds one for each vote, in any order."""
    for vote in range(len(task)):
        sums[task[vote], label[vote]] += 1


@_compiled
def add_ones(codes: Codes, sums: Integers) -> None:
    """Adds one for each code."""
    for vote in range(len(codes)):
        sums[codes[vote]] += 1


@_compiled
def add_right_ballots(
    task: Codes, worker: Codes, label: Codes, belief: Floats, right: Floats
) -> None:
    """Adds the belief in each vote to its worker's, for votes in any order."""
    for vote in range(len(task)):
        right[worker[vote]] += belief[task[vote], label[vote]]


@_compiled
def divide_ballots(counts: Counts, n_votes: Counts, share: Floats) -> None:
    """Writes each label's share of a task's votes."""
    for task in range(len(share)):
        n = float(n_votes[task])
        for label in range(share.shape[1]):
            share[task, label] = counts[task, label] / n


@_compiled
def add_shared_ballots(  # noqa: PLR0917 - the same
    task: Codes,
    worker: Codes,
    label: Codes,
    counts: Counts,
    n_votes: Counts,
    right: Floats,
) -> None:
    """Adds the share of a task's votes that are as each vote to its worker's."""
    for vote in range(len(task)):
        here = task[vote]
        right[worker[vote]] += counts[here, label[vote]] / float(n_votes[here])


@_compiled
def decide(belief: Floats, close: float, label: Integers, top: Floats) -> None:
    """Writes the first label of each task that is likeliest or close, and how likely."""
    for task in range(len(belief)):
        row = belief[task]
        peak = row[0]
        for state in range(1, len(row)):
            peak = max(peak, row[state])
        first = 0
        while row[first] < peak * close:
            first += 1
        label[task], top[task] = first, peak


@_compiled
def is_undisputed(task: Codes, label: Codes, said: Codes) -> bool:
    """Whether no two votes on a task differ; what was said of a task is -1 at first."""
    for vote in range(len(task)):
        if said[task[vote]] < 0:
            said[task[vote]] = label[vote]
        elif said[task[vote]] != label[vote]:
            return False
    return True
