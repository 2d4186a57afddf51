"""One short statement, run by SQLAlchemy, by a ``Statement``, and by the driver alone.

python docs/benchmarks/statements.py
"""

import statistics
import time
from collections.abc import Callable

import sqlalchemy as sa

from crowdlab.database import Database, Statement

RUNS, ROUNDS = 5000, 7
PETS = sa.Table(
    "pets",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text),
)
BY_ID = sa.select(PETS.c.name).where(PETS.c.id == sa.bindparam("key"))


def microseconds(run: Callable[[], object]) -> float:
    """What one run takes: the median of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(RUNS):
            run()
        rounds.append((time.process_time() - start) / RUNS * 1e6)
    return statistics.median(rounds)


def main() -> None:
    """Prints the table."""
    database = Database(None, kind="zoo", migrations=[PETS.create])
    statement = Statement(BY_ID)
    with database.transaction() as connection:
        connection.execute(PETS.insert(), [{"name": str(n)} for n in range(100)])
        raw = connection.connection.driver_connection
        assert raw is not None
        text = "SELECT name FROM pets WHERE id = :key"
        ways: dict[str, Callable[[], object]] = {
            "SQLAlchemy Core": lambda: connection.execute(BY_ID, {"key": 7}).first(),
            "Statement": lambda: statement.first(connection, {"key": 7}),
            "the driver": lambda: raw.execute(text, {"key": 7}).fetchone(),
        }
        found = {way: microseconds(run) for way, run in ways.items()}
    print("| a select of one row | microseconds | ratio to the driver |\n|---|---|---|")
    for way, each in found.items():
        print(f"| {way} | {each:.1f} | {each / found['the driver']:.1f} |")


if __name__ == "__main__":
    main()
