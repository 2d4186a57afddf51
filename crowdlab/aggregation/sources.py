"""Where the statistics of all tasks come from: what a method learns from."""

from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Protocol

import attrs
import numpy as np

from crowdlab.aggregation.engine import (
    Chunk,
    Floats,
    Parameters,
    Statistics,
    count,
    e_step,
)

__all__ = ["Held", "Source"]


class Source(Protocol):
    """All votes, in memory or not: they are asked for sums alone."""

    @property
    def n_answers(self) -> int:
        """How many votes there are."""
        ...

    def count(self) -> Statistics:
        """The statistics under the first belief."""
        ...

    def e_step(self, parameters: Parameters) -> Statistics:
        """The statistics under the parameters."""
        ...


@attrs.define(eq=False)
class Held:
    """One chunk in memory, and the belief about its tasks.

    Attributes:
        threads: in how many parts it is read at a time. Sums differ in their last
            digits with the number of parts, and not from run to run.
    """

    chunk: Chunk
    belief: Floats
    threads: int = 1

    @property
    def n_answers(self) -> int:
        """How many votes there are."""
        return len(self.chunk.cell)

    def count(self) -> Statistics:
        """The statistics under the first belief."""
        return count(self.chunk, self.belief)

    def e_step(self, parameters: Parameters) -> Statistics:
        """The statistics under the parameters, which become the belief."""
        if self.threads == 1:
            self.belief, statistics = e_step(self.chunk, parameters, self.belief)
            return statistics
        return self._in_threads(parameters)

    def _in_threads(self, parameters: Parameters) -> Statistics:
        def read(first: int, last: int) -> Statistics:
            part = self.chunk.part(first, last)
            into = self.belief[first:last]
            found, statistics = e_step(part, parameters, into)
            into[:] = found
            return statistics

        even = np.linspace(0, self.n_answers, self.threads + 1)
        bounds = np.searchsorted(self.chunk.starts, even).tolist()
        with ThreadPoolExecutor(self.threads) as pool:
            return reduce(add, pool.map(read, *zip(*pairwise(bounds), strict=True)))
