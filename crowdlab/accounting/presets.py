"""Models for vision that are well known, with their parameters and activations."""

from decimal import Decimal
from typing import Any

from crowdlab.accounting.tables import Row, read_table, shipped
from crowdlab.accounting.training import Model
from crowdlab.errors import NotFound

__all__ = ["find_model", "list_models"]

MILLION = 10**6
#: Red, green and blue, each an fp32.
BYTES_PER_PIXEL = 3 * 4


def list_models() -> list[str]:
    """The names of the models whose figures come with crowdlab, smallest first.

    Example:
        >>> list_models()[:2]
        ['mobilenet-v2', 'efficientnet-b0']
    """
    return [row.text("name") for row in sorted(_rows(), key=_size)]


def find_model(name: str, *, batch_size: int = 1, **more: Any) -> Model:
    """The model of that name, for images of the size it was published with.

    Its activations are the outputs of convolutions and linear layers for one image.

    Args:
        batch_size: the images of one step.
        more: what else ``Model`` takes, such as ``precision``.

    Raises:
        NotFound: if there is none; the message lists the choices.

    Example:
        >>> find_model("resnet-50", batch_size=32).parameters
        25560000
    """
    for row in _rows():
        if row.text("name") == name:
            return Model(**{**_facts(row), "batch_size": batch_size, **more})
    raise NotFound("model", name, list_models())


def _rows() -> list[Row]:
    needs = ("name", "parameters_millions", "activations_millions", "image_size")
    return list(read_table(shipped("models"), needs=needs))


def _size(row: Row) -> Decimal:
    return row.number("parameters_millions") or Decimal(0)


def _facts(row: Row) -> dict[str, Any]:
    side = int(row.text("image_size"))
    return {
        "name": row.text("name"),
        "parameters": int(_size(row) * MILLION),
        "activations": int(Decimal(row.text("activations_millions")) * MILLION),
        "input_bytes": side * side * BYTES_PER_PIXEL,
    }
