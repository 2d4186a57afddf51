"""The application: every door of HTTP at one address."""

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Host, Mount, Route, Router
from starlette.staticfiles import StaticFiles

from crowdlab.errors import BadInput
from crowdlab.marketplace.market import ENVIRONMENTS
from crowdlab.server.api import API
from crowdlab.server.bodies import BodyLimit
from crowdlab.server.frames import Frames
from crowdlab.server.keys import Key
from crowdlab.server.markets import Markets
from crowdlab.server.origins import LOOPBACK, Origins
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
) -> Starlette:
    """The ASGI application that serves two markets.

    Args:
        markets: the markets.
        origins: under which addresses it is reached.
        keys: who may use the API; everybody who can reach it, where there are none.
        environment: the market of requests that do not say which they mean.

    Raises:
        BadInput: there is no such environment.
    """
    if environment not in ENVIRONMENTS:
        choices = ", ".join(ENVIRONMENTS)
        raise BadInput(f"environment: {environment!r} is none of {choices}")
    hosts = LOOPBACK | {origins.site_host, origins.frames_host}
    api = API(markets, keys or {}, environment, hosts)
    frames = Frames(markets, origins)
    return Starlette(
        routes=[
            Route("/", api.serve, methods=["POST"]),
            Route("/mturk/externalSubmit", frames.submit, methods=["POST"]),
            Route("/mturk/externalSubmit", frames.explain),
            Mount("/static", StaticFiles(directory=STATIC)),
            *_pages(markets, origins, frames, environment),
        ],
        middleware=[Middleware(BodyLimit)],
    )


def _pages(
    markets: Markets, origins: Origins, frames: Frames, environment: str
) -> list[BaseRoute]:
    task = [Route("/hit/{hit_id}", frames.show)]
    site = _site(markets, origins, environment)
    if not origins.are_apart:
        return [*task, *site]
    # What is asked of the wrong host is sent to the right one, and never served.
    return [
        Host(origins.frames_host, Router([*task, _elsewhere(origins.site)])),
        Route("/hit/{hit_id}", _sender(origins.frames)),
        Host(origins.site_host, Router(site)),
        _elsewhere(origins.site),
    ]


def _site(markets: Markets, origins: Origins, environment: str) -> list[BaseRoute]:
    is_secure = origins.site.startswith("https:")
    pages = Pages(Visitors(markets.production.sign, is_secure), origins)
    return [
        Route("/", lambda _: RedirectResponse(f"/{environment}/")),
        *SignIn(markets, pages).routes(),
        *(
            Mount(f"/{name}", routes=Site(market, pages).routes())
            for name, market in markets.by_environment.items()
        ),
    ]


def _elsewhere(origin: str) -> Route:
    return Route("/{path:path}", _sender(origin))


def _sender(origin: str) -> Callable[[Request], Response]:
    def send(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{origin}{request.url.path}{query}")

    return send
