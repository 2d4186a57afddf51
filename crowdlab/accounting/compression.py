"""What making a model smaller saves: distillation, sparsity, lower precision."""

import math
from typing import Any

import attrs

from crowdlab.accounting.precisions import PRECISIONS
from crowdlab.errors import BadInput

__all__ = ["Saving", "compress"]

#: A sparse parameter keeps the number of its column.
INDEX_BYTES = 4


@attrs.frozen
class Saving:
    """What one technique leaves of a model.

    Attributes:
        technique: ``distillation``, ``sparsity``, ``precision``, or ``together``.
        bytes: of the parameters that are kept.
        saved: bytes that are not; negative, where the technique costs more than it
            saves.
    """

    technique: str
    bytes: int
    saved: int

    def to_json(self) -> dict[str, Any]:
        """Its fields."""
        return attrs.asdict(self)


def compress(
    parameters: int,
    *,
    student: int | None = None,
    sparsity: float = 0.0,
    precision: str = "fp32",
) -> list[Saving]:
    """What each technique saves of a model's fp32 parameters, and all together.

    Args:
        parameters: how many the model has.
        student: how many has the smaller model that learns from it (Hinton, Vinyals
            and Dean, 2015).
        sparsity: the share of parameters that are set to nought and left out (Han et
            al., 2015); each that is kept needs the 4 bytes of its place besides.
        precision: what the parameters are stored in.

    Raises:
        BadInput: for a sparsity that is no share.
        NotFound: for an unknown precision; the message lists the choices.

    Example:
        >>> for saving in compress(100_000_000, sparsity=0.9, precision="int8"):
        ...     print(saving.technique, saving.bytes, saving.saved)
        sparsity 80000000 320000000
        precision 100000000 300000000
        together 50000000 350000000
    """
    if not 0 <= sparsity < 1:
        raise BadInput(f"sparsity is {sparsity}; it is a share from 0 to below 1")
    fp32, chosen = (
        PRECISIONS.find("fp32").parameter,
        PRECISIONS.find(precision).parameter,
    )
    whole = parameters * fp32
    left = parameters if student is None else student
    ways = {
        "distillation": (student is not None, left * fp32),
        "sparsity": (sparsity > 0, _stored(parameters, sparsity, fp32)),
        "precision": (precision != "fp32", parameters * chosen),
    }
    used = {name: size for name, (is_used, size) in ways.items() if is_used}
    if len(used) > 1:
        used["together"] = _stored(left, sparsity, chosen)
    return [Saving(name, size, whole - size) for name, size in used.items()]


def _stored(parameters: int, sparsity: float, bytes_each: int) -> int:
    if not sparsity:
        return parameters * bytes_each
    return math.ceil(round(parameters * (1 - sparsity), 6)) * (bytes_each + INDEX_BYTES)
