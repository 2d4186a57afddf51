"""The requester's desk: all its pages at one address."""

from starlette.routing import Mount

from crowdlab.server.desk.actions import Actions
from crowdlab.server.desk.entering import Entering
from crowdlab.server.desk.exports import Exports
from crowdlab.server.desk.groups import Groups
from crowdlab.server.desk.items import Items
from crowdlab.server.desk.office import Office
from crowdlab.server.desk.overview import Overview
from crowdlab.server.desk.sessions import Sessions
from crowdlab.server.desk.standing import Standings
from crowdlab.server.desk.workers import Workers
from crowdlab.server.keys import KeyRing
from crowdlab.server.markets import Markets

__all__ = ["make_desk"]


def make_desk(
    markets: Markets,
    keys: KeyRing,
    *,
    hosts: frozenset[str],
    environment: str,
    is_secure: bool,
) -> Mount:
    """The desk, for the site's own host.

    Args:
        keys: who may sit down; everybody on this machine, where there are none.
        hosts: the names under which a desk without keys is shown.
        environment: the market that is shown first.
        is_secure: whether the site is reached over https.
    """
    market = markets.production
    sessions = Sessions(market.sign, keys, market.clock, is_secure)
    office, standings = Office(markets, sessions, hosts), Standings()
    entering = Entering(office, markets.people.attempts, f"/desk/{environment}")
    pages = [
        *Actions(office).routes(),
        *Items(office).routes(),
        *Workers(office).routes(),
        *Exports(office, standings).routes(),
        *Groups(office, standings).routes(),
    ]
    return Mount(
        "/desk",
        routes=[
            *entering.routes(),
            *Overview(office).routes(),
            Mount("/{environment}", routes=pages),
        ],
    )
