"""Optimizers: what each remembers of every parameter."""

from fractions import Fraction
from functools import partial

import attrs

from crowdlab.plugins import Registry

__all__ = ["OPTIMIZERS", "Optimizer"]


@attrs.frozen
class Optimizer:
    """What an optimizer remembers.

    Attributes:
        states: values for each parameter, besides its gradient.
        bytes_each: the bytes of one, where the precision does not say them.
    """

    name: str
    states: int
    bytes_each: Fraction | None = None


def _itself(optimizer: Optimizer) -> Optimizer:
    return optimizer


# Dettmers et al., 8-bit Optimizers via Block-wise Quantization, ICLR 2022: one byte,
# and one fp32 scale for each block of 2,048.
_QUANTIZED = 1 + Fraction(4, 2048)

_ALL = (
    Optimizer("sgd", states=0),
    Optimizer("momentum", states=1),
    Optimizer("adam", states=2),
    Optimizer("adam-8bit", states=2, bytes_each=_QUANTIZED),
)

OPTIMIZERS: Registry[Optimizer] = Registry("optimizer", "crowdlab.optimizers")
for optimizer in _ALL:
    OPTIMIZERS.add(optimizer.name, partial(_itself, optimizer))
