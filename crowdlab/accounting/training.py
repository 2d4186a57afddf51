"""The memory that a model takes: to train it, and to use it."""

import math
from typing import Any

import attrs

from crowdlab.accounting.optimizers import OPTIMIZERS, Optimizer
from crowdlab.accounting.precisions import PRECISIONS, Precision
from crowdlab.errors import BadInput

__all__ = ["MemoryNeed", "Model", "inference_memory", "training_memory"]

Number = int | float


def _whole(value: Number) -> int:
    """A whole number, where it is one: ``100e6`` is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value  # type: ignore[return-value]  # what is none is refused with its name, below


def _at_least(least: int) -> Any:
    def check(_model: object, field: "attrs.Attribute[int]", value: object) -> None:
        if value is None and field.default is None:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadInput(f"{field.name} is {value!r}, which is no whole number")
        if value < least:
            raise BadInput(f"{field.name} is {value}; the least is {least}")

    return check


@attrs.frozen(kw_only=True)
class MemoryNeed:
    """Bytes, in their parts.

    Attributes:
        parameters: the parameters, with a copy for computing in mixed precision.
        gradients: their gradients.
        states: what the optimizer remembers.
        activations: the neurons' values and errors for the examples at work.
        input: those examples.
        workspace: scratch memory of the libraries, as far as it was told.
    """

    parameters: int
    gradients: int = 0
    states: int = 0
    activations: int = 0
    input: int = 0
    workspace: int = 0

    @property
    def optimizer(self) -> int:
        """What the optimizer works with: gradients and what it remembers."""
        return self.gradients + self.states

    @property
    def total(self) -> int:
        """All of it."""
        held = self.parameters + self.optimizer + self.activations
        return held + self.input + self.workspace

    def to_json(self) -> dict[str, int]:
        """The parts and their sum, in bytes."""
        names = (
            "parameters",
            "optimizer",
            "activations",
            "input",
            "workspace",
            "total",
        )
        return {name: getattr(self, name) for name in names}


@attrs.frozen(kw_only=True)
class Model:
    """A model to be trained on labels, and how it is trained.

    The least that is needed is what a lecture on training visual recognition counts;
    the rest says what is done beyond it.

    Attributes:
        name: what it is called.
        parameters: how many parameters it learns.
        activations: how many values its neurons have for one example.
        input_bytes: the bytes of one example.
        batch_size: the examples of one step of the optimizer.
        precision: a name in ``PRECISIONS``.
        optimizer: a name in ``OPTIMIZERS``.
        errors: how many errors of neurons are held at once for one example; one for
            each activation, if not told. Frameworks free them as they go back, so that
            two layers' are enough: ``Model.of_torch`` measures it.
        accumulation: the parts that a batch is worked on in, one after the other.
        checkpoints: of how many activations in between the others are computed anew
            (Chen et al., `Training Deep Nets with Sublinear Memory Cost
            <https://arxiv.org/abs/1604.06174>`_, 2016); 0 keeps all. Needs ``layers``.
        layers: how many layers share the activations evenly.
        shards: the GPUs that share each batch; the memory is that of one of them.
        zero: what they share besides (Rajbhandari et al., `ZeRO
            <https://arxiv.org/abs/1910.02054>`_, 2020): 0 nothing, 1 what the
            optimizer remembers, 2 the gradients too, 3 the parameters too.
        workspace_bytes: scratch memory of the libraries.
        hours: how long the training takes, for its price.

    Example:
        >>> model = Model(
        ...     parameters=100e6, activations=10e6, input_bytes=1e6, batch_size=128
        ... )
        >>> model.training_memory().total, model.inference_memory().total
        (11568000000, 401000000)
        >>> model.largest_batch(8 * 10**9)
        83
    """

    parameters: int = attrs.field(converter=_whole, validator=_at_least(0))
    activations: int = attrs.field(converter=_whole, validator=_at_least(0))
    input_bytes: int = attrs.field(converter=_whole, validator=_at_least(0))
    batch_size: int = attrs.field(converter=_whole, validator=_at_least(1))
    name: str = ""
    precision: str = "fp32"
    optimizer: str = "momentum"
    errors: int | None = attrs.field(
        default=None,
        converter=attrs.converters.optional(_whole),
        validator=_at_least(0),
    )
    accumulation: int = attrs.field(default=1, converter=_whole, validator=_at_least(1))
    checkpoints: int = attrs.field(default=0, converter=_whole, validator=_at_least(0))
    layers: int = attrs.field(default=1, converter=_whole, validator=_at_least(1))
    shards: int = attrs.field(default=1, converter=_whole, validator=_at_least(1))
    zero: int = attrs.field(default=0, converter=_whole, validator=_at_least(0))
    workspace_bytes: int = attrs.field(
        default=0, converter=_whole, validator=_at_least(0)
    )
    hours: float | None = None

    def __attrs_post_init__(self) -> None:
        PRECISIONS.find(self.precision)
        OPTIMIZERS.find(self.optimizer)
        if self.zero > len("123"):
            raise BadInput(f"zero is {self.zero}; choose from: 0, 1, 2, 3")
        if self.checkpoints > self.layers:
            raise BadInput(
                f"{self.checkpoints} checkpoints are more than the {self.layers} layers"
            )

    def training_memory(self) -> MemoryNeed:
        """The bytes that training takes, on each GPU.

        Raises:
            BadInput: for a precision that nothing can be trained in.
        """
        precision, optimizer = self._precision, OPTIMIZERS.find(self.optimizer)
        if not precision.trains:
            raise BadInput(
                f"nothing is trained in {precision.name}; it is for models in use"
            )
        examples = self.examples_at_once
        return MemoryNeed(
            parameters=self._shared(self.parameters * precision.parameter, from_zero=3),
            gradients=self._shared(self.parameters * precision.gradient, from_zero=2),
            states=self._shared(self._remembered(optimizer, precision), from_zero=1),
            activations=examples * self._values_held * precision.activation,
            input=examples * self.input_bytes,
            workspace=self.workspace_bytes,
        )

    def inference_memory(self) -> MemoryNeed:
        """The bytes that one example at a time takes once the model is trained."""
        return inference_memory(
            parameters=self.parameters,
            input_bytes=self.input_bytes,
            precision=self.precision.removesuffix("-mixed"),
        )

    def largest_batch(self, capacity: int) -> int:
        """The largest batch size that trains within so many bytes on each GPU.

        0, if not even one example for each GPU does.
        """
        one = attrs.evolve(self, batch_size=self.shards, accumulation=1)
        need = one.training_memory()
        for_each = need.activations + need.input
        left = capacity - (need.total - for_each)
        at_once = left // for_each if for_each else left
        return max(0, at_once) * self.accumulation * self.shards

    @property
    def examples_at_once(self) -> int:
        """The examples that one GPU works on at the same time."""
        return math.ceil(math.ceil(self.batch_size / self.shards) / self.accumulation)

    @property
    def _precision(self) -> Precision:
        return PRECISIONS.find(self.precision)

    @property
    def _values_held(self) -> int:
        kept = self.activations
        if self.checkpoints:
            # The checkpoints, and one stretch between two of them at a time.
            at_rest = kept * self.checkpoints / self.layers
            kept = math.ceil(at_rest + kept / self.checkpoints)
        return kept + (kept if self.errors is None else self.errors)

    def _remembered(self, optimizer: Optimizer, precision: Precision) -> int:
        each = optimizer.bytes_each or precision.state
        return math.ceil(self.parameters * optimizer.states * each)

    def _shared(self, n_bytes: int, *, from_zero: int) -> int:
        return math.ceil(n_bytes / self.shards) if self.zero >= from_zero else n_bytes


def training_memory(
    *,
    parameters: Number,
    activations: Number,
    batch_size: Number,
    input_bytes: Number,
    **more: Any,
) -> MemoryNeed:
    """The bytes that training a model takes.

    As it stands, by the formula of a lecture (A. Soto, Deep Learning for Visual
    Recognition: Tips for Implementation, 2020): P·4 for the parameters, P·4·2 for
    gradients and momentum, B·A·4·2 for activations and their errors, and B·I for the
    input.

    Args:
        parameters: P, how many the model learns.
        activations: A, the values of its neurons for one example.
        batch_size: B, the examples of one step.
        input_bytes: I, the bytes of one example.
        more: what else ``Model`` takes, such as ``precision`` or ``optimizer``.

    Raises:
        BadInput: naming what is wrong.
        NotFound: for an unknown precision or optimizer; the message lists the choices.

    Example:
        >>> need = training_memory(
        ...     parameters=100e6, activations=10e6, batch_size=128, input_bytes=1e6
        ... )
        >>> need.parameters, need.optimizer, need.activations, need.input
        (400000000, 800000000, 10240000000, 128000000)
    """
    known = [field.name for field in attrs.fields(Model)]
    for option in sorted(set(more) - set(known)):
        raise BadInput(f"there is no {option!r}; choose from: {', '.join(known)}")
    model = Model(
        parameters=parameters,
        activations=activations,
        batch_size=batch_size,
        input_bytes=input_bytes,
        **more,
    )
    return model.training_memory()


def inference_memory(
    *,
    parameters: Number,
    input_bytes: Number,
    batch_size: Number = 1,
    activations: Number = 0,
    precision: str = "fp32",
) -> MemoryNeed:
    """The bytes that using a trained model takes: P·4 + I by the same lecture.

    Args:
        parameters: how many the model has.
        input_bytes: the bytes of one example.
        batch_size: the examples at a time.
        activations: the values that live at once for one example: those of the two
            largest neighbouring layers; the lecture leaves them out.
        precision: a name in ``PRECISIONS``.

    Raises:
        BadInput: naming what is wrong.
        NotFound: for an unknown precision; the message lists the choices.

    Example:
        >>> inference_memory(parameters=100e6, input_bytes=1e6).total
        401000000
        >>> inference_memory(parameters=100e6, input_bytes=1e6, precision="int8").total
        101000000
    """
    model = Model(
        parameters=parameters,
        activations=activations,
        input_bytes=input_bytes,
        batch_size=batch_size,
        precision=precision,
    )
    each = PRECISIONS.find(precision)
    return MemoryNeed(
        parameters=model.parameters * each.parameter,
        activations=model.batch_size * model.activations * each.activation,
        input=model.batch_size * model.input_bytes,
    )
