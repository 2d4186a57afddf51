"""Which groups of HITs a worker wants to see, and in which order."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import attrs

from crowdlab.marketplace.board import Group

__all__ = ["ORDERS", "Choice"]

_KEYS: Mapping[str, Callable[[Group], Any]] = {
    "new": lambda group: -group.created,
    "pay": lambda group: -group.reward,
    "left": lambda group: -group.n_hits,
    "short": lambda group: group.duration,
}
#: The orders, and what they are called.
ORDERS: Mapping[str, str] = {
    "new": "newest first",
    "pay": "best paid first",
    "left": "most tasks first",
    "short": "shortest time first",
}


@attrs.frozen
class Choice:
    """What a worker is looking for.

    Attributes:
        text: stands in title, description or keywords.
        only_mine: whether only what the worker qualifies for is shown.
        order: one of :data:`ORDERS`.
    """

    text: str = ""
    only_mine: bool = False
    order: str = "new"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """The choice that a page's address carries.

        Example:
            >>> Choice.read({"q": "cats", "sort": "pay"})
            Choice(text='cats', only_mine=False, order='pay')
        """
        order = query.get("sort", "")
        return cls(
            text=query.get("q", "").strip(),
            only_mine=bool(query.get("mine")),
            order=order if order in ORDERS else "new",
        )

    @property
    def is_any(self) -> bool:
        """Whether everything is shown."""
        return not self.text and not self.only_mine

    def of(self, groups: Iterable[Group]) -> list[Group]:
        """Those of the groups that are wanted, in order."""
        wanted = (g for g in groups if not (self.only_mine and g.lacks))
        return sorted(wanted, key=_KEYS[self.order])
