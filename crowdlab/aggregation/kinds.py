"""What labels can be: classes, or values of some kind, each kind with its methods."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, TypeVar, overload

from crowdlab.aggregation import methods as classes
from crowdlab.aggregation.boxes import Boxes
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.crowd_bt import CrowdBT
from crowdlab.aggregation.medoid import Medoid
from crowdlab.aggregation.points import Points
from crowdlab.aggregation.polygons import Polygons
from crowdlab.aggregation.rasch import Rasch
from crowdlab.aggregation.result import Aggregation
from crowdlab.aggregation.rover import Rover
from crowdlab.aggregation.student_t import StudentT
from crowdlab.aggregation.two_coin import BestOf, TwoCoin
from crowdlab.errors import BadInput, NotFound
from crowdlab.plugins import Registry

__all__ = ["aggregate", "kinds"]

T = TypeVar("T")

# The first of a kind is its default.
KINDS: Mapping[str, tuple[type[ValueMethod], ...]] = {
    "sets": (TwoCoin,),
    "candidates": (BestOf,),
    "boxes": (Boxes,),
    "polygons": (Polygons,),
    "points": (Points,),
    "numbers": (StudentT,),
    "rankings": (CrowdBT,),
    "texts": (Medoid, Rover),
    "routes": (Rasch,),
}


def _itself(thing: T) -> T:
    return thing


def _registry(kind: str) -> Registry[type[ValueMethod]]:
    """The methods for a kind, ours and those of the group ``crowdlab.<kind>``."""
    registry = Registry[type[ValueMethod]](f"method for {kind}", f"crowdlab.{kind}")
    for method in KINDS[kind]:
        registry.add(method.name, partial(_itself, method))
    return registry


kinds: Registry[Registry[type[ValueMethod]]] = Registry(
    "kind of labels", "crowdlab.kinds"
)
for name in KINDS:
    kinds.add(name, partial(_registry, name))


@overload
def aggregate(
    answers: object,
    method: str = ...,
    *,
    kind: Literal["classes"] = ...,
    gold: object = ...,
    **options: Any,
) -> Aggregation: ...


@overload
def aggregate(
    answers: object, method: str = ..., *, kind: str, gold: object = ..., **options: Any
) -> Consensus: ...


def aggregate(
    answers: object,
    method: str = "auto",
    *,
    kind: str = "classes",
    gold: object = None,
    **options: Any,
) -> Aggregation | Consensus:
    """One label per task, from what many workers said.

    Args:
        answers: any data frame, Arrow table or mapping with the columns ``task``,
            ``worker`` and ``label``, or rows of the three.
        method: a name that ``methods.names()`` lists, for classes, or
            ``kinds.find(kind).names()``, for values; ``"auto"`` is the kind's default.
        kind: what the labels are: ``"classes"``, or a name that ``kinds.names()``
            lists, such as ``"boxes"``.
        gold: known labels, by task; for classes only.
        options: the method's own arguments, such as ``max_iterations``.

    Raises:
        BadVotes: for answers that cannot be aggregated.
        NotFound: for a kind or a method that does not exist; the message lists the
            choices.
        BadInput: for an option that the method does not have, or its value.

    Example:
        >>> votes = [("a", 1, "cat"), ("a", 2, "cat"), ("a", 3, "dog")]
        >>> aggregate(votes, "majority-vote").labels
          task label  confidence  n_votes
        0    a   cat    0.666667        3
        >>> aggregate([("a", 1, 20.0), ("a", 2, 22.0)], kind="numbers").labels["label"]
        0    21.0
        Name: label, dtype: float64
    """
    if kind == "classes":
        return classes.aggregate(answers, method, gold=gold, **options)
    known = _kind(kind)
    if gold is not None:
        raise BadInput(f"gold labels are for classes; {kind} are aggregated without")
    found = known.find(known.names()[0] if method == "auto" else method)
    classes.refuse_unknown(found, found.name, options)
    try:
        made = found(**options)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{found.name}: {error.args[0]}") from None
    return made.fit(answers).result_


def _kind(name: str) -> Registry[type[ValueMethod]]:
    if name in kinds.names():
        return kinds.find(name)
    raise NotFound("kind of labels", name, ["classes", *kinds.names()])
