"""Two passes over the votes: learn the workers, then weigh them."""

from collections.abc import Iterator
from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.engine import Chunk, Floats, count, shares, with_gold
from crowdlab.aggregation.method import ChunkMethod, Inference
from crowdlab.aggregation.priors import positive
from crowdlab.aggregation.result import decide

__all__ = ["LATwoPass"]

# Shares of votes that differ by less are as clear as each other.
DIGITS = 9


@attrs.define(kw_only=True, eq=False)
class LATwoPass(ChunkMethod):
    r"""Workers' accuracies learned in one pass over the tasks, used in a second.

    The first pass labels each task with the votes so far weighed by their workers'
    accuracies :math:`a_w`, and counts who was right. The second weighs each vote by
    :math:`a_w K - 1`, which is nothing for a worker who guesses among :math:`K`.

    The paper takes the tasks as they come. Here the tasks that are clearest come
    first, and those that are equally clear together, so that neither names nor the
    order of rows matter. The confidence is a label's share of the weights; where no
    label has a positive weight, its share of the votes.

    Y. Yang et al. A lightweight, effective and efficient model for label aggregation
    in crowdsourcing. ACM Transactions on Knowledge Discovery from Data 18 (2024).
    https://doi.org/10.1145/3630102

    Attributes:
        prior_right: right votes credited to every worker; ``prior_wrong`` likewise.

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> LATwoPass().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "la-two-pass"

    prior_right: float = attrs.field(default=1.0, validator=positive)
    prior_wrong: float = attrs.field(default=1.0, validator=positive)

    @override
    def solve(self, chunk: Chunk) -> Inference:
        accuracy = self._first_pass(chunk)
        weight = _weigh(chunk, accuracy * chunk.n_labels - 1)
        weight = np.maximum(weight, 0)
        total = weight.sum(axis=1, keepdims=True)
        share = np.divide(weight, total, out=shares(chunk), where=total > 0)
        return Inference(with_gold(share, chunk))

    def _first_pass(self, chunk: Chunk) -> Floats:
        """Each worker's accuracy (workers,)."""
        right = np.full(chunk.n_workers, self.prior_right)
        total = np.full(chunk.n_workers, self.prior_right + self.prior_wrong)
        for block in _clearest_first(chunk):
            label, _ = decide(with_gold(_weigh(block, right / total), block))
            counts = count(block, np.eye(chunk.n_labels)[label]).counts
            right += chunk.cells.by_worker(chunk.cells.own(counts))
            total += chunk.cells.by_worker(counts.sum(axis=1))
        accuracy: Floats = right / total
        return accuracy


def _weigh(chunk: Chunk, weight: Floats) -> Floats:
    """The sum of the weights of a label's voters (tasks, labels)."""
    each = weight[chunk.cells.worker, np.newaxis] * chunk.cells.is_own
    sums: Floats = chunk.votes @ each
    return sums


def _clearest_first(chunk: Chunk) -> Iterator[Chunk]:
    """The tasks in blocks that are equally clear, gold first."""
    share = np.sort(with_gold(shares(chunk), chunk), axis=1)
    second = share[:, -2] if chunk.n_labels > 1 else 0
    clarity = np.round(share[:, -1] - second, DIGITS)
    clarity[chunk.known] = np.inf
    _, block = np.unique(-clarity, return_inverse=True)
    order = np.argsort(block, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(block[order])) + 1):
        yield chunk.take(rows)
