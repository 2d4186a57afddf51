"""The application: every door of HTTP at one address."""

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Host, Mount, Route, Router
from starlette.staticfiles import StaticFiles

from crowdlab.assets import Home, folder_beside
from crowdlab.errors import BadInput
from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.market import ENVIRONMENTS
from crowdlab.server.account import Account
from crowdlab.server.affairs import Affairs
from crowdlab.server.api import API
from crowdlab.server.assets import Assets
from crowdlab.server.bodies import BodyLimit
from crowdlab.server.desk import make_desk
from crowdlab.server.entry import Entry
from crowdlab.server.exams import Exams
from crowdlab.server.frames import Frames
from crowdlab.server.keys import Key
from crowdlab.server.markets import Markets
from crowdlab.server.origins import LOOPBACK, Origins
from crowdlab.server.passing import Passing
from crowdlab.server.registering import Registering
from crowdlab.server.rendering import STATIC
from crowdlab.server.sign_in import SignIn
from crowdlab.server.site import Site
from crowdlab.server.visiting import Pages
from crowdlab.server.visitors import Visitors

__all__ = ["make_app"]


def make_app(
    markets: Markets,
    origins: Origins,
    *,
    keys: Mapping[str, Key] | None = None,
    environment: str = "production",
    entry: Entry | None = None,
    assets: Home | None = None,
) -> Starlette:
    """The ASGI application that serves two markets.

    Args:
        markets: the markets.
        origins: under which addresses it is reached.
        keys: who may use the API; everybody who can reach it, where there are none.
        environment: the market of requests that do not say which they mean.
        entry: who may become a worker; whoever gives a name by default.
        assets: where images are kept; beside the production market by default.

    Raises:
        BadInput: there is no such environment.
    """
    if environment not in ENVIRONMENTS:
        choices = ", ".join(ENVIRONMENTS)
        raise BadInput(f"environment: {environment!r} is none of {choices}")
    ring, hosts = keys or {}, LOOPBACK | {origins.site_host, origins.frames_host}
    api = API(markets, ring, environment, hosts)
    frames = Frames(markets, origins)
    home = assets or folder_beside(markets.production.location)
    desk = make_desk(
        markets,
        ring,
        hosts=hosts,
        environment=environment,
        is_secure=origins.is_secure,
    )
    task = [Route("/hit/{hit_id}", frames.show), *Exams(markets, origins).routes()]
    site = [desk, *_site(markets, origins, environment, entry or Entry())]
    app = Starlette(
        routes=[
            Route("/", api.serve, methods=["POST"]),
            Route("/mturk/externalSubmit", frames.submit, methods=["POST"]),
            Route("/mturk/externalSubmit", frames.explain),
            Mount("/static", StaticFiles(directory=STATIC)),
            *Assets(api, origins, home).routes(),
            *_pages(origins, task, site),
        ],
        middleware=[Middleware(BodyLimit)],
    )
    app.router.redirect_slashes = False
    return app


def _pages(
    origins: Origins, task: list[Route], site: list[BaseRoute]
) -> list[BaseRoute]:
    if not origins.are_apart:
        return [*task, *site]
    # What is asked of the wrong host is sent to the right one, and never served.
    return [
        Host(origins.frames_host, _router([*task, _elsewhere(origins.site)])),
        Route("/hit/{hit_id}", _mover(origins.frames)),
        Host(origins.site_host, _router(site)),
        _elsewhere(origins.site),
    ]


def _site(
    markets: Markets, origins: Origins, environment: str, entry: Entry
) -> list[BaseRoute]:
    sign, version = markets.production.sign, entry.consent.version
    visitors = Visitors(markets.people, sign, origins.is_secure, version)
    pages = Pages(visitors, origins, entry)
    return [
        Route("/", _sender(f"/{environment}/")),
        *SignIn(markets, pages).routes(),
        *Registering(markets, pages).routes(),
        *Account(markets.people, pages).routes(),
        *(Route(f"/{name}", _sender(f"/{name}/")) for name in (*ENVIRONMENTS, "desk")),
        *(
            Mount(f"/{name}", _router(_market(markets, market, pages)))
            for name, market in markets.by_environment.items()
        ),
    ]


def _market(markets: Markets, market: Marketplace, pages: Pages) -> list[BaseRoute]:
    return [
        *Site(market, pages).routes(),
        *Affairs(market, pages).routes(),
        *Passing(market, pages, markets.people).routes(),
    ]


def _router(routes: list[BaseRoute]) -> Router:
    # It would send browsers on to whatever host a request names, and away from https.
    return Router(routes, redirect_slashes=False)


def _elsewhere(origin: str) -> Route:
    return Route("/{path:path}", _mover(origin))


def _mover(origin: str) -> Callable[[Request], Response]:
    def move(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{origin}{request.url.path}{query}")

    return move


def _sender(path: str) -> Callable[[Request], Response]:
    return lambda _: RedirectResponse(path)
