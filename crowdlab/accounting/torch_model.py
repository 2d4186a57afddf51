"""The figures of a live PyTorch model, by one pass forward."""

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import attrs

from crowdlab.accounting.training import Model
from crowdlab.errors import MissingExtra

if TYPE_CHECKING:
    import torch

__all__ = ["Scale", "measure_model"]

FLOAT = 4


def measure_model(
    module: "torch.nn.Module", example: "torch.Tensor", **more: Any
) -> Model:
    """The model that a PyTorch module is, as memory sees it.

    One pass forward with hooks weighs what PyTorch keeps for the way back, and each
    layer's output. On the way back what is kept dwindles while errors come and go:
    the errors are what the worst moment holds above all that was kept.

    Args:
        module: the network.
        example: a batch of inputs, as the network takes it; its first axis counts the
            examples.
        more: what else ``Model`` takes, such as ``batch_size`` or ``optimizer``.

    Raises:
        MissingExtra: without PyTorch.
    """
    try:
        from torch.autograd.graph import saved_tensors_hooks  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtra("figures of live models", "torch") from None
    n_examples = len(example)
    known = {_place(tensor) for tensor in (example, *module.parameters())}
    scale = Scale(known)
    leaves = [part for part in module.modules() if not list(part.children())]
    hooks = [leaf.register_forward_hook(scale.weigh) for leaf in leaves]
    try:
        with saved_tensors_hooks(scale.keep, lambda tensor: tensor):
            module(example)
    finally:
        for hook in hooks:
            hook.remove()
    facts = {
        "name": type(module).__name__,
        "parameters": sum(tensor.numel() for tensor in module.parameters()),
        "activations": round(scale.kept / FLOAT / n_examples),
        "errors": round((scale.worst_moment - scale.kept) / FLOAT / n_examples),
        "input_bytes": example.nbytes // n_examples,
        "batch_size": n_examples,
    }
    return Model(**{**facts, **more})


@attrs.define
class Scale:
    """Weighs what a pass forward makes and keeps.

    Attributes:
        known: where the tensors are that were there before.
        places: where those are that are kept for the way back: a tensor that several
            layers keep counts for the first.
        keeps: the bytes that each layer was the first to keep.
        outputs: the bytes of each layer's output, in order.
    """

    known: set[int]
    places: set[int] = attrs.field(factory=set)
    keeps: list[int] = attrs.field(factory=lambda: [0])
    outputs: list[int] = attrs.field(factory=list)

    def keep(self, tensor: "torch.Tensor") -> "torch.Tensor":
        """Notes what the layer at work keeps for the way back."""
        if _place(tensor) not in self.known | self.places:
            self.places.add(_place(tensor))
            self.keeps[-1] += tensor.untyped_storage().nbytes()
        return tensor

    def weigh(self, _layer: object, _given: object, made: object) -> None:
        """Notes a layer's output; the next layer is at work."""
        self.outputs.append(getattr(made, "nbytes", 0))
        self.keeps.append(0)

    @property
    def kept(self) -> int:
        """All bytes kept for the way back."""
        return sum(self.keeps)

    @property
    def worst_moment(self) -> int:
        """The most bytes held at once on the way back.

        At each layer those are what it and the layers before it keep, and the errors
        of its output and of its input.
        """
        errors = [sum(pair) for pair in pairwise([0, *self.outputs])]
        held = list(accumulate(self.keeps))
        return max([self.kept, *map(sum, zip(held, errors, strict=False))])


def _place(tensor: "torch.Tensor") -> int:
    return int(tensor.untyped_storage().data_ptr())
