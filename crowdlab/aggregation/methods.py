"""Every method by its name, and the one function that most callers need."""

from functools import partial
from typing import Any

import attrs

from crowdlab.aggregation.auto import Auto
from crowdlab.aggregation.bwa import BWA
from crowdlab.aggregation.dawid_skene import DawidSkene
from crowdlab.aggregation.ebcc import EBCC
from crowdlab.aggregation.glad import GLAD
from crowdlab.aggregation.hierarchical_dawid_skene import HierarchicalDawidSkene
from crowdlab.aggregation.ibcc import IBCC
from crowdlab.aggregation.la_two_pass import LATwoPass
from crowdlab.aggregation.mace import MACE
from crowdlab.aggregation.majority_vote import MajorityVote
from crowdlab.aggregation.method import Aggregator, Method
from crowdlab.aggregation.one_coin import OneCoin
from crowdlab.aggregation.result import Aggregation
from crowdlab.aggregation.weighted_vote import WeightedVote
from crowdlab.errors import BadInput
from crowdlab.plugins import Registry

__all__ = ["aggregate", "methods", "refuse_unknown"]

METHODS: tuple[type[Method], ...] = (
    Auto,
    MajorityVote,
    WeightedVote,
    DawidSkene,
    OneCoin,
    HierarchicalDawidSkene,
    GLAD,
    MACE,
    IBCC,
    EBCC,
    BWA,
    LATwoPass,
)


def _itself(method: type[Method]) -> type[Method]:
    return method


methods: Registry[type[Aggregator]] = Registry("method", "crowdlab.aggregators")
for built_in in METHODS:
    methods.add(built_in.name, partial(_itself, built_in))


def aggregate(
    answers: object, method: str = "auto", *, gold: object = None, **options: Any
) -> Aggregation:
    """One label per task, from what many workers said.

    Args:
        answers: any data frame, Arrow table or mapping with the columns ``task``,
            ``worker`` and ``label``, or rows of the three.
        method: a name that ``methods.names()`` lists.
        gold: known labels, by task.
        options: the method's own arguments, such as ``max_iterations``.

    Raises:
        BadVotes: for answers that cannot be aggregated.
        NotFound: for a method that does not exist; the message lists the choices.
        BadInput: for an option that the method does not have, or its value.

    Example:
        >>> votes = [("a", 1, "cat"), ("a", 2, "cat"), ("a", 3, "dog")]
        >>> aggregate(votes, "majority-vote").labels
          task label  confidence  n_votes
        0    a   cat    0.666667        3
    """
    aggregator = methods.find(method)
    refuse_unknown(aggregator, method, options)
    try:
        made = aggregator(**options)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{method}: {error.args[0]}") from None
    return made.fit(answers, gold=gold).result_


def refuse_unknown(aggregator: type[Any], method: str, options: dict[str, Any]) -> None:
    """Refuses options that a method's constructor does not have.

    Raises:
        BadInput: naming them, and those that it has.
    """
    if not attrs.has(aggregator):
        return
    known = [field.alias for field in attrs.fields(aggregator) if field.init]
    unknown = sorted(set(options).difference(known))
    if unknown:
        raise BadInput(
            f"{method} has no option {', '.join(unknown)}; choose from: {', '.join(known)}"
        )
