"""Who comes to a served marketplace, and with what: invitations, panels, deposits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer
from rich.console import Console
from rich.table import Table

from crowdlab.cli.options import AsJSON
from crowdlab.cli.screen import note, show_json
from crowdlab.errors import BadInput
from crowdlab.marketplace import Marketplace, Requester
from crowdlab.marketplace.market import ENVIRONMENTS, OWNER
from crowdlab.marketplace.panels import PARAMETERS, Panel
from crowdlab.money import show as show_money

__all__ = [
    "PEOPLE",
    "close_panel",
    "deposit",
    "invite",
    "list_panels",
    "list_participants",
    "open_panel",
    "panel_app",
]

Store = Annotated[
    str,
    typer.Option(
        "--store",
        "--marketplace",
        help="What is served: a file, a folder, or the URL of a PostgreSQL database.",
    ),
]
Site = Annotated[str, typer.Option(help="The origin of the workers' site.")]
Name = Annotated[str, typer.Option("--requester", help="The name of the account.")]
Environment = Annotated[str, typer.Option(help="production or sandbox.")]
PanelName = Annotated[str, typer.Argument(metavar="PANEL", help="What its link has.")]

STORE = "marketplace.db"
SITE = "http://127.0.0.1:5001"

panel_app = typer.Typer(
    help="Ways in for people whom a recruitment panel sends.", no_args_is_help=True
)


def deposit(
    amount: Annotated[str, typer.Argument(help="Dollars, such as 250.00.")],
    store: Store = STORE,
    requester: Name = OWNER,
    as_json: AsJSON = False,
) -> None:
    """Put money into a requester's account of a local or served marketplace."""
    with Marketplace(_place(store)) as market:
        account = market.requester(requester)
        account.deposit(amount)
        balance = account.balance
    if as_json:
        show_json({"requester": requester, "balance": str(balance)})
    else:
        _say(f"{requester} has {show_money(balance)}")


def invite(
    number: Annotated[int, typer.Argument(help="How many links.")] = 1,
    days: Annotated[int, typer.Option(help="For how long they are good.")] = 14,
    uses: Annotated[int, typer.Option(help="How many people each lets in.")] = 1,
    worker: Annotated[
        str, typer.Option(help="The id of a worker who has lost the password.")
    ] = "",
    store: Store = STORE,
    site: Site = SITE,
    as_json: AsJSON = False,
) -> None:
    """Make links by which people become workers of a site, or renew a password."""
    from crowdlab import server  # noqa: PLC0415 - an extra

    _place(store)
    with server.open_markets(store) as markets:
        make = markets.people.invitations.make
        codes = [make(uses=uses, days=days, worker_id=worker) for _ in range(number)]
    links = [f"{site.rstrip('/')}/invite/{code}" for code in codes]
    if as_json:
        show_json({"links": links})
    else:
        _say("\n".join(links))


@panel_app.command("open")
def open_panel(
    work: Annotated[
        str, typer.Argument(help="A published batch's name, or a HIT type's id.")
    ],
    code: Annotated[str, typer.Option(help="What people show when they are done.")],
    url: Annotated[str, typer.Option(help="Where they go then, with https.")],
    most: Annotated[
        int | None, typer.Option(help="How many assignments are enough for one.")
    ] = None,
    parameters: Annotated[
        str, typer.Option(help="How the link calls participant, study and session.")
    ] = ",".join(PARAMETERS),
    store: Store = STORE,
    environment: Environment = "production",
    requester: Name = OWNER,
    site: Site = SITE,
    as_json: AsJSON = False,
) -> None:
    """Open a way in to a batch, and give the link for the panel's study."""
    with _account(store, environment, requester) as account:
        opened = account.open_panel(
            work,
            completion_url=url,
            completion_code=code,
            most=most,
            parameters=parameters.split(","),
        )
    if as_json:
        show_json(_facts(opened, site, environment))
    else:
        _say(opened.link(site.rstrip("/"), environment))


@panel_app.command("list")
def list_panels(
    store: Store = STORE,
    environment: Environment = "production",
    requester: Name = OWNER,
    site: Site = SITE,
    as_json: AsJSON = False,
) -> None:
    """List the panels of a requester, newest first."""
    with _account(store, environment, requester) as account:
        panels = account.panels()
    if as_json:
        show_json([_facts(panel, site, environment) for panel in panels])
        return
    table = Table("panel", "for", "enough", "code", "state", box=None)
    for panel in panels:
        enough = "all" if panel.most is None else str(panel.most)
        state = "open" if panel.is_open else "closed"
        table.add_row(panel.name, panel.title, enough, panel.completion_code, state)
    Console().print(table)


@panel_app.command("people")
def list_participants(
    panel: PanelName,
    store: Store = STORE,
    environment: Environment = "production",
    requester: Name = OWNER,
    as_json: AsJSON = False,
) -> None:
    """List who came through a panel, with the panel's ids: personal data."""
    with _account(store, environment, requester) as account:
        found = account.participants(panel)
    if as_json:
        show_json([_plain(attrs.asdict(each)) for each in found])
        return
    table = Table("participant", "session", "worker", "submitted", "approved", box=None)
    for each in found:
        counts = (str(each.n_submitted), str(each.n_approved))
        table.add_row(each.outside_id, each.session_id, each.worker_id, *counts)
    Console().print(table)


@panel_app.command("close")
def close_panel(
    panel: PanelName,
    store: Store = STORE,
    environment: Environment = "production",
    requester: Name = OWNER,
) -> None:
    """Let nobody new in; who is in can finish."""
    with _account(store, environment, requester) as account:
        account.close_panel(panel)
    note("closed")


@contextmanager
def _account(store: str, environment: str, requester: str) -> Iterator[Requester]:
    from crowdlab import server  # noqa: PLC0415 - an extra

    if environment not in ENVIRONMENTS:
        choices = ", ".join(ENVIRONMENTS)
        raise BadInput(f"environment: {environment!r} is none of {choices}")
    _place(store)
    with server.open_markets(store) as markets:
        yield markets.by_environment[environment].requester(requester)


def _place(store: str) -> str:
    """Where the production market is kept, which has to be there."""
    if "://" in store:
        return store
    path = Path(store) / STORE if Path(store).is_dir() else Path(store)
    if not path.is_file():
        raise BadInput(
            f"store: there is no marketplace in {path}; crowdlab serve makes one"
        )
    return str(path)


def _facts(panel: Panel, site: str, environment: str) -> dict[str, Any]:
    link = panel.link(site.rstrip("/"), environment)
    return {"link": link, **_plain(attrs.asdict(panel))}


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in facts.items()
    }


def _say(text: str) -> None:
    print(text)  # noqa: T201 - the answer


PEOPLE = (invite, deposit)
