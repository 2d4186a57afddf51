"""Whether the sums run as machine code: the extra ``fast`` (numba) decides.

The results are the same to the last digits. Nothing is compiled, or imported, before
there are votes enough to make it worth its while.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

__all__ = ["compiled"]

# From so many votes on, the third of a second that importing numba takes comes back.
WORTHWHILE = 500_000.0


def compiled(n_votes: int) -> ModuleType | None:
    """The sums in machine code, where there are votes enough and numba is installed.

    Example:
        >>> compiled(10) is None
        True
    """
    return _kernels() if n_votes >= WORTHWHILE else None


@cache
def _kernels() -> ModuleType | None:
    if find_spec("numba") is None:
        return None
    return import_module("crowdlab.aggregation.compiled")
