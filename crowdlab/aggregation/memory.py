"""What an aggregation will need, said before it is taken."""

import psutil

from crowdlab.aggregation.votes import Votes
from crowdlab.errors import BadVotes

__all__ = ["confusion_bytes", "fits", "refuse_too_large"]

FLOAT = 8


def confusion_bytes(votes: Votes, states_per_label: int = 1) -> int:
    """Bytes of the largest arrays: confusions, their logarithms, and beliefs."""
    n_labels = len(votes.labels)
    n_states = n_labels * states_per_label
    n_cells = min(len(votes), len(votes.workers) * n_labels)
    return FLOAT * n_states * (3 * n_cells + 2 * len(votes.tasks))


def fits(votes: Votes, states_per_label: int = 1) -> bool:
    """Whether this machine has that much memory to spare."""
    free = int(psutil.virtual_memory().available)
    return confusion_bytes(votes, states_per_label) <= free


def refuse_too_large(method: str, votes: Votes, states_per_label: int = 1) -> None:
    """Refuses what this machine cannot hold, with what it would take.

    Raises:
        BadVotes: naming the method, the need, and the methods that need less.
    """
    if not fits(votes, states_per_label):
        need = confusion_bytes(votes, states_per_label)
        free = psutil.virtual_memory().available
        raise BadVotes(
            f"{method} would need {_size(need)} for the confusions of"
            f" {len(votes.workers):,} workers over {len(votes.labels):,} labels, and"
            f" {_size(free)} are free; majority-vote and weighted-vote need none"
        )


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:,.1f} GB"
