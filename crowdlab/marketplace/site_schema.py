"""The tables behind a site for workers: what they report and read, and who sent them."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text

from crowdlab.database import Migration
from crowdlab.marketplace import schema
from crowdlab.marketplace.schema import Key, metadata

__all__ = [
    "MIGRATIONS",
    "known_labels",
    "panels",
    "participants",
    "problems",
    "readings",
]

problems = sa.Table(
    "problems",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hit", ForeignKey("hits.id"), nullable=False, index=True),
    Column("worker", ForeignKey("workers.id"), nullable=False),
    # Nothing where the HIT was only looked at.
    Column("assignment", ForeignKey("assignments.id")),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("told", BigInteger, nullable=False),
)

readings = sa.Table(
    "readings",
    metadata,
    Column("message", ForeignKey("messages.id"), primary_key=True),
    Column("read", BigInteger, nullable=False),
)

panels = sa.Table(
    "panels",
    metadata,
    Column("id", Key, primary_key=True),
    # What nobody can guess: who knows it may join.
    Column("name", Text, nullable=False, unique=True),
    Column("requester", ForeignKey("requesters.id"), nullable=False),
    Column("hit_type", ForeignKey("hit_types.id"), nullable=False),
    Column("completion_url", Text, nullable=False),
    Column("completion_code", Text, nullable=False),
    # How many assignments are enough; nothing where all there are.
    Column("most", Integer),
    # The names of the address's parameters: participant, study and session.
    Column("parameters", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("closed", BigInteger),
)

participants = sa.Table(
    "participants",
    metadata,
    Column("id", Key, primary_key=True),
    Column("panel", ForeignKey("panels.id"), nullable=False),
    Column("worker", ForeignKey("workers.id"), nullable=False),
    Column("outside_id", Text, nullable=False),
    Column("study_id", Text, nullable=False),
    Column("session_id", Text, nullable=False),
    Column("joined", BigInteger, nullable=False),
    sa.UniqueConstraint("panel", "outside_id"),
)
Index("participants_by_outside_id", participants.c.outside_id)

known_labels = sa.Table(
    "known_labels",
    metadata,
    Column("requester", ForeignKey("requesters.id"), primary_key=True),
    # The group's path on the dashboard, such as batches/pets.
    Column("place", Text, primary_key=True),
    Column("thing", Text, primary_key=True),
    Column("label", Text, nullable=False),
)


def _add_site(connection: sa.Connection) -> None:
    # Where the step before has just made everything, nothing is left to make.
    metadata.create_all(connection)


MIGRATIONS: tuple[Migration, ...] = (*schema.MIGRATIONS, _add_site)
