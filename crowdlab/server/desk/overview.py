"""The first page: everything a requester has on a market, and what is left to spend."""

import attrs
from starlette.routing import Route

from crowdlab.marketplace.overview import find_account_figures, find_groups
from crowdlab.server.desk.charts import meter
from crowdlab.server.desk.office import Office, Visit
from crowdlab.server.desk.views import View
from crowdlab.server.desk.visits import seen

__all__ = ["Overview"]

PAGE = 50


@attrs.frozen
class Overview:
    """All batches and HIT types."""

    office: Office

    def routes(self) -> list[Route]:
        """Its page, and its JSON."""
        return [
            Route("/{environment}.json", self.show),
            Route("/{environment}", self.show),
            Route("/{environment}/", self.show),
        ]

    @seen
    def show(self, visit: Visit) -> View:
        """The account, and each group with its work."""
        groups = visit.requester.read(find_groups)
        asked = visit.asked("after", "0")
        start = int(asked) if asked.isascii() and asked.isdigit() else 0
        shown = groups[start : start + PAGE]
        more = start + PAGE if start + PAGE < len(groups) else None
        data = {
            "account": visit.requester.read(find_account_figures),
            "groups": shown,
            "n_groups": len(groups),
            "next": more,
        }
        meters = {group.place: meter(group) for group in shown}
        return View("overview", data, {"meters": meters, "tab": "overview"})
