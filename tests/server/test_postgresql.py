"""Several servers on one PostgreSQL."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, HTTPClientError

from crowdlab.database import Database
from crowdlab.errors import ForeignStore, StoreLocked
from crowdlab.server import open_markets
from tests.postgresql import Cluster
from tests.server.people import Worker
from tests.server.test_markets import HIT
from tests.server.test_serving import Process

T = TypeVar("T")


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """What comes of jobs that are all begun at the same moment."""
    barrier = threading.Barrier(len(jobs))

    def start(job: Callable[[], T]) -> T:
        barrier.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(start, jobs))


@pytest.fixture
def servers(store: str) -> Iterator[list[Process]]:
    """Two servers in two processes, started at the same moment on an empty database."""
    both = at_once([lambda: Process(store=store)] * 2)
    yield both
    for each in both:
        if each.process.poll() is None:
            each.process.kill()
        each.end()


def test_the_last_assignment_is_given_once(servers: list[Process]) -> None:
    """Of many who ask two servers at the same moment, one gets it."""
    client = servers[0].client()
    workers = [
        Worker.at(server.url, f"{place}/{number}")
        for place, server in enumerate(servers)
        for number in range(3)
    ]
    for _ in range(8):
        hit_id = client.create_hit(**HIT)["HIT"]["HITId"]

        got = at_once([lambda w=w, h=hit_id: w.accept(h) for w in workers])  # type: ignore[misc]

        assert len([name for name in got if name]) == 1
        hit = servers[1].client().get_hit(HITId=hit_id)["HIT"]
        assert hit["NumberOfAssignmentsPending"] == 1


def test_a_token_is_good_once(servers: list[Process]) -> None:
    """A request that is repeated at the other server is refused, naming the first HIT."""
    clients = [server.client() for server in servers]
    for number in range(8):
        request = {**HIT, "UniqueRequestToken": f"token-{number}"}

        said = at_once([lambda c=c, r=request: _create(c, r) for c in clients])  # type: ignore[misc]

        assert (len(set(said)), said[0][:1]) == (1, "3")
    assert clients[0].list_hits(MaxResults=100)["NumResults"] == 8


def _create(client: Any, request: dict[str, Any]) -> str:
    """The id of the HIT that a request made, now or before."""
    try:
        return str(client.create_hit(**request)["HIT"]["HITId"])
    except ClientError as error:
        return str(error).partition('The HIT with ID "')[2].partition('" already')[0]


def test_a_visitor_is_known_at_both(servers: list[Process]) -> None:
    """Who signed in at one server is signed in at the other, tokens included."""
    hit_id = servers[0].client().create_hit(**HIT)["HIT"]["HITId"]
    worker = Worker.at(servers[0].url, "ana")
    worker.url = servers[1].url

    assignment_id = worker.accept(hit_id)

    assert assignment_id is not None
    worker.url = servers[0].url
    assert worker.submit(assignment_id, animal="cat")


def test_a_killed_server_loses_nothing(servers: list[Process]) -> None:
    """What a server acknowledged before it was killed, the other one has."""
    once = Config(retries={"total_max_attempts": 1})
    made: list[str] = []

    def publish() -> None:
        client = servers[0].client(config=once)
        while True:
            try:
                made.append(client.create_hit(**HIT)["HIT"]["HITId"])
            except (EndpointConnectionError, HTTPClientError):
                return

    threads = [threading.Thread(target=publish) for _ in range(3)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 20
    while len(made) < 30 and time.monotonic() < deadline:
        time.sleep(0.01)
    servers[0].process.send_signal(signal.SIGKILL)
    for thread in threads:
        thread.join()

    pages = (
        servers[1]
        .client()
        .get_paginator("list_hits")
        .paginate(PaginationConfig={"PageSize": 100})
    )
    there = {hit["HITId"] for page in pages for hit in page["HITs"]}
    assert len(made) >= 30
    assert set(made) <= there


def test_answers_at_both_are_all_kept(servers: list[Process]) -> None:
    """Many workers at two servers: each answer is there, each is paid for once."""
    client = servers[0].client()
    hits = [
        client.create_hit(**{**HIT, "MaxAssignments": 4})["HIT"]["HITId"]
        for _ in range(5)
    ]

    def work(number: int) -> int:
        worker = Worker.at(servers[number % 2].url, f"worker {number}")
        names = [worker.accept(hit_id) for hit_id in hits]
        return sum(worker.submit(name, animal="cat") for name in names if name)

    done = at_once([lambda n=n: work(n) for n in range(6)])  # type: ignore[misc]

    assert sum(done) == 20
    for hit_id in hits:
        found = client.list_assignments_for_hit(HITId=hit_id)
        assert found["NumResults"] == 4
        for assignment in found["Assignments"]:
            client.approve_assignment(AssignmentId=assignment["AssignmentId"])
    assert client.get_account_balance()["AvailableBalance"] == "9998.80"


def test_the_two_markets_are_apart(store: str) -> None:
    """Production and sandbox share a database, and nothing in it."""
    with open_markets(store) as markets:
        markets.sandbox.call("CreateHIT", HIT)

        assert markets.production.call("ListHITs", {})["HITs"] == []
        assert len(markets.sandbox.call("ListHITs", {})["HITs"]) == 1


def test_a_broken_connection_is_made_anew(store: str, postgresql: Cluster) -> None:
    """A database that was restarted between two requests is no error."""
    with open_markets(store) as markets:
        hit_id = markets.production.call("CreateHIT", HIT)["HIT"]["HITId"]
        with postgresql.connect("postgres") as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s",
                [store.rpartition("/")[2]],
            )

        assert markets.production.call("GetHIT", {"HITId": hit_id})


def test_an_undone_transaction_leaves_nothing(store: str) -> None:
    """What is undone is gone, an inner transaction alone where only it failed."""
    database = Database(store, kind="zoo", migrations=[_build])
    with database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO pets VALUES ('cat')")
        with pytest.raises(ZeroDivisionError), database.transaction() as inner:
            inner.exec_driver_sql("INSERT INTO pets VALUES ('dog')")
            raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO pets VALUES ('cow')")
        raise ZeroDivisionError

    with database.transaction() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM pets").all()
    assert rows == [("cat",)]
    database.close()


def _build(connection: Any) -> None:
    connection.exec_driver_sql("CREATE TABLE pets (name TEXT)")


def test_a_database_that_is_held_is_told(store: str) -> None:
    """Who waits in vain for another's transaction hears that it is held."""
    holder = Database(store, kind="zoo", migrations=[_build])
    other = Database(store, kind="zoo", migrations=[_build], wait_seconds=0.1)

    with (
        holder.transaction(),
        pytest.raises(StoreLocked, match="another program"),
        other.transaction(),
    ):
        pass

    with other.transaction() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pets").scalar() == 0
    holder.close()
    other.close()


def test_a_newer_database_is_refused(store: str) -> None:
    """A schema that this program does not know is left alone."""
    Database(store, kind="zoo", migrations=[_build, lambda _: None]).close()

    with pytest.raises(ForeignStore, match="newer crowdlab"):
        Database(store, kind="zoo", migrations=[_build])
