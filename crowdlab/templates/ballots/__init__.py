"""How an answer becomes votes, and votes an answer: the kinds a template may name."""

from collections.abc import Callable

from crowdlab.plugins import Registry
from crowdlab.templates.ballots.comparison import Comparison
from crowdlab.templates.ballots.description import Description
from crowdlab.templates.ballots.following import Following
from crowdlab.templates.ballots.one_label import OneLabel
from crowdlab.templates.ballots.protocol import Ballot, Checking, Measuring
from crowdlab.templates.ballots.rating import Rating
from crowdlab.templates.ballots.regions import Regions
from crowdlab.templates.ballots.selection import Selection

__all__ = [
    "Ballot",
    "Checking",
    "Comparison",
    "Description",
    "Following",
    "Measuring",
    "OneLabel",
    "Rating",
    "Regions",
    "Selection",
    "kinds",
]


def kinds() -> Registry[Callable[..., Ballot]]:
    """The kinds of votes that a ``template.toml`` may name.

    Example:
        >>> kinds().names()[:2]
        ['one-label', 'selection']
    """
    registry = Registry[Callable[..., Ballot]]("kind of votes", "crowdlab.votes")
    registry.add("one-label", lambda: OneLabel)
    registry.add("selection", lambda: Selection)
    registry.add("comparison", lambda: Comparison)
    registry.add("rating", lambda: Rating)
    registry.add("following", lambda: Following)
    registry.add("regions", lambda: Regions)
    registry.add("description", lambda: Description)
    return registry
