"""The labels of a ledger: what each run of a method found, and the known truth."""

import time
from collections.abc import Iterable, Mapping
from itertools import islice

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.ledger.schema import labels, runs, scores, truths
from crowdlab.model import Label

__all__ = ["HeldLabel", "Labels", "Run", "Score"]

_CHUNK = 1000


@attrs.frozen
class Run:
    """One run of a method over a batch.

    Attributes:
        n_known: of how many labels the truth is known.
        n_correct: how many of those the method got right.
    """

    method: str
    n_labels: int
    n_votes: int
    n_known: int
    n_correct: int


@attrs.frozen
class Score:
    """How a run of a method rates one worker.

    Attributes:
        quality: the share of the worker's votes that the method takes for right.
        n_known: of how many of the votes the truth is known.
        n_right: how many of those were right.
    """

    worker: str
    quality: float
    n_votes: int
    n_known: int
    n_right: int


@attrs.frozen
class HeldLabel:
    """A label held against the truth, which is ``None`` where it is not known."""

    task: str
    label: str
    confidence: float
    n_votes: int
    truth: str | None


@attrs.frozen
class Labels:
    """The labels of a ledger: what each run of a method found, and the known truth."""

    _database: Database

    def add(
        self,
        batch: int,
        method: str,
        found: Iterable[Label],
        *,
        n_votes: int,
        workers: Iterable[Score] = (),
    ) -> None:
        """Notes a run, its labels, and how it rates the workers."""
        run = {"method": method, "n_votes": n_votes, "n_labels": 0, "batch": batch}
        rest = iter(found)
        with self._database.transaction() as connection:
            statement = runs.insert().values(created=int(time.time()), **run)
            (key,) = connection.execute(statement).inserted_primary_key or (0,)
            n_labels = 0
            while chunk := list(islice(rest, _CHUNK)):
                n_labels += len(chunk)
                rows = [_to_row(key, label) for label in chunk]
                connection.execute(labels.insert(), rows)
            rated = [{"run": key, **attrs.asdict(score)} for score in workers]
            if rated:
                connection.execute(scores.insert(), rated)
            count = runs.update().where(runs.c.id == key).values(n_labels=n_labels)
            connection.execute(count)

    def add_truths(self, batch: int, label_by_thing: Mapping[str, str]) -> None:
        """Notes known labels."""
        rows = [
            {"batch": batch, "thing": thing, "label": label}
            for thing, label in label_by_thing.items()
        ]
        with self._database.transaction() as connection:
            connection.execute(truths.insert(), rows)

    def runs(self, batch: int) -> list[Run]:
        """The newest run of every method, oldest first, held against the truth."""
        newest = (
            sa.select(sa.func.max(runs.c.id))
            .where(runs.c.batch == batch)
            .group_by(runs.c.method)
        )
        right = sa.case((truths.c.label == labels.c.label, 1), else_=0)
        wanted = (
            sa.select(
                runs.c.method,
                runs.c.n_labels,
                runs.c.n_votes,
                sa.func.count(truths.c.label),
                sa.func.coalesce(sa.func.sum(right), 0),
            )
            .select_from(
                runs.outerjoin(labels, labels.c.run == runs.c.id).outerjoin(
                    truths,
                    (truths.c.batch == runs.c.batch)
                    & (truths.c.thing == labels.c.thing),
                )
            )
            .where(runs.c.id.in_(newest))
            .group_by(runs.c.id)
            .order_by(runs.c.id)
        )
        with self._database.transaction() as connection:
            return [Run(*row) for row in connection.execute(wanted)]

    def truth(self, batch: int) -> dict[str, str]:
        """The known labels of a batch, by what they are the labels of."""
        wanted = sa.select(truths.c.thing, truths.c.label).where(
            truths.c.batch == batch
        )
        with self._database.transaction() as connection:
            return {row.thing: row.label for row in connection.execute(wanted)}

    def newest(self, batch: int) -> list[HeldLabel]:
        """The labels of the newest run, held against the truth."""
        wanted = (
            sa.select(
                labels.c.thing,
                labels.c.label,
                labels.c.confidence,
                labels.c.n_votes,
                truths.c.label,
            )
            .outerjoin(
                truths, (truths.c.batch == batch) & (truths.c.thing == labels.c.thing)
            )
            .where(labels.c.run == _newest_run(batch))
            .order_by(labels.c.thing)
        )
        with self._database.transaction() as connection:
            return [HeldLabel(*row) for row in connection.execute(wanted)]

    def scores(self, batch: int) -> list[Score]:
        """How the newest run rates the workers, those of most votes first."""
        wanted = (
            sa.select(
                scores.c.worker,
                scores.c.quality,
                scores.c.n_votes,
                scores.c.n_known,
                scores.c.n_right,
            )
            .where(scores.c.run == _newest_run(batch))
            .order_by(scores.c.n_votes.desc(), scores.c.worker)
        )
        with self._database.transaction() as connection:
            return [Score(*row) for row in connection.execute(wanted)]


def _newest_run(batch: int) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.max(runs.c.id)).where(runs.c.batch == batch).scalar_subquery()
    )


def _to_row(run: int, label: Label) -> dict[str, object]:
    return {
        "run": run,
        "thing": label.task,
        "label": label.label,
        "confidence": label.confidence,
        "n_votes": label.n_votes,
    }
