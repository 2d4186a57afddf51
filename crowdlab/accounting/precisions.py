"""Number formats: how many bytes each value of a model takes in training and at test."""

from functools import partial

import attrs

from crowdlab.plugins import Registry

__all__ = ["PRECISIONS", "Precision"]


@attrs.frozen
class Precision:
    """The bytes of one value of each kind.

    Attributes:
        name: how people call it; ``-mixed`` keeps a master copy of the parameters in
            fp32 and computes with a copy of half that size (Micikevicius et al.,
            `Mixed Precision Training <https://arxiv.org/abs/1710.03740>`_, 2018).
        parameter: a parameter, with its copy for computing.
        gradient: a parameter's gradient.
        state: a value that the optimizer remembers.
        activation: a neuron's value, and its error.
        trains: whether a model can be trained in it.
    """

    name: str
    parameter: int
    gradient: int
    state: int
    activation: int
    trains: bool = True


def _itself(precision: Precision) -> Precision:
    return precision


_ALL = (
    Precision("fp32", parameter=4, gradient=4, state=4, activation=4),
    # tf32 rounds inside the multiplication alone; memory holds fp32.
    Precision("tf32", parameter=4, gradient=4, state=4, activation=4),
    Precision("bf16-mixed", parameter=4 + 2, gradient=4, state=4, activation=2),
    Precision("fp16-mixed", parameter=4 + 2, gradient=4, state=4, activation=2),
    Precision("bf16", parameter=2, gradient=2, state=2, activation=2),
    Precision("fp16", parameter=2, gradient=2, state=2, activation=2),
    Precision("int8", parameter=1, gradient=0, state=0, activation=1, trains=False),
)

PRECISIONS: Registry[Precision] = Registry("precision", "crowdlab.precisions")
for precision in _ALL:
    PRECISIONS.add(precision.name, partial(_itself, precision))
