"""What the parts of the site that are about one market have in common."""

from typing import Any

import attrs
from starlette.responses import Response

from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.messages import count_unread
from crowdlab.server.visiting import Pages
from crowdlab.server.visitors import Visitor

__all__ = ["MarketPart"]


@attrs.frozen
class MarketPart:
    """A part of the site that is about one market."""

    market: Marketplace
    pages: Pages

    @property
    def home(self) -> str:
        """The path under which the market's pages are."""
        return f"/{self.market.environment}/"

    def start(self, visitor: Visitor) -> str:
        """Where somebody chooses what to do next."""
        return visitor.panel_home or self.home

    def render(self, page: str, visitor: Visitor, **facts: Any) -> Response:
        """A page about the market, for a visitor."""
        return self.pages.render(
            page,
            visitor,
            environment=self.market.environment,
            home=self.home,
            start=self.start(visitor),
            n_unread=self.market.visit(count_unread, visitor.worker_id),
            now=int(self.market.clock()),
            **facts,
        )
