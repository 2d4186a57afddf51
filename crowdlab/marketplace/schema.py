"""The tables of a marketplace, and the steps by which they came about.

Money is whole cents and time whole seconds since 1970. Keys are integers; the names
that the API shows stand beside them.
"""

import secrets

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Text

__all__ = [
    "MIGRATIONS",
    "assignments",
    "hit_types",
    "hits",
    "is_live",
    "metadata",
    "requesters",
    "settings",
    "tokens",
    "workers",
]

metadata = sa.MetaData()

# SQLite counts up by itself only for a key whose type is exactly INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


settings = sa.Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

requesters = sa.Table(
    "requesters",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("customer_id", Text, nullable=False, unique=True),
    Column("deposited", BigInteger, nullable=False, server_default="0"),
    Column("reserved", BigInteger, nullable=False, server_default="0"),
    Column("rewards", BigInteger, nullable=False, server_default="0"),
    Column("fees", BigInteger, nullable=False, server_default="0"),
    Column("bonuses", BigInteger, nullable=False, server_default="0"),
)

hit_types = sa.Table(
    "hit_types",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hit_type_id", Text, nullable=False, unique=True),
    Column("hit_group_id", Text, nullable=False, unique=True),
    Column("requester", ForeignKey("requesters.id"), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("keywords", Text),
    Column("reward", BigInteger, nullable=False),
    Column("duration", BigInteger, nullable=False),
    Column("auto_approval_delay", BigInteger, nullable=False),
    Column("requirements", Text, nullable=False),
    sa.UniqueConstraint("requester", "fingerprint"),
)

hits = sa.Table(
    "hits",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hit_id", Text, nullable=False, unique=True),
    Column("hit_type", ForeignKey("hit_types.id"), nullable=False, index=True),
    Column("requester", ForeignKey("requesters.id"), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expiration", BigInteger, nullable=False),
    Column("max_assignments", BigInteger, nullable=False),
    # What one assignment costs, fee included; fixed when the HIT is created.
    Column("reward", BigInteger, nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("question_kind", Text, nullable=False),
    Column("annotation", Text),
    Column("is_reviewing", Boolean, nullable=False, server_default=sa.false()),
    Column("reviewable_since", BigInteger),
    Column("disposed", BigInteger),
    # The next moment at which something happens to the HIT by itself.
    Column("due", BigInteger),
    _count("n_accepted"),
    _count("n_submitted"),
    _count("n_approved"),
    _count("n_rejected"),
)
Index("hits_of_requester", hits.c.requester, hits.c.id)
Index(
    "hits_due",
    hits.c.due,
    sqlite_where=hits.c.due.is_not(None),
    postgresql_where=hits.c.due.is_not(None),
)

workers = sa.Table(
    "workers",
    metadata,
    Column("id", Key, primary_key=True),
    Column("worker_id", Text, nullable=False, unique=True),
    Column("registered", BigInteger, nullable=False),
)

assignments = sa.Table(
    "assignments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("assignment_id", Text, nullable=False, unique=True),
    Column("hit", ForeignKey("hits.id"), nullable=False),
    Column("worker", ForeignKey("workers.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("deadline", BigInteger, nullable=False),
    Column("submitted", BigInteger),
    Column("auto_approval", BigInteger),
    Column("approved", BigInteger),
    Column("rejected", BigInteger),
    Column("feedback", Text),
    Column("answer", Text),
    Column("due", BigInteger),
)
Index("assignments_of_hit", assignments.c.hit, assignments.c.submitted)


def is_live(table: sa.Table) -> sa.ColumnElement[bool]:
    """Whether an assignment counts: it was not given back, and not abandoned."""
    return (table.c.status != "Returned") & (table.c.status != "Abandoned")


Index(
    "one_live_assignment",
    assignments.c.worker,
    assignments.c.hit,
    unique=True,
    sqlite_where=is_live(assignments),
    postgresql_where=is_live(assignments),
)
Index(
    "assignments_due",
    assignments.c.due,
    sqlite_where=assignments.c.due.is_not(None),
    postgresql_where=assignments.c.due.is_not(None),
)

tokens = sa.Table(
    "tokens",
    metadata,
    Column("requester", ForeignKey("requesters.id"), primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("token", Text, primary_key=True),
    Column("used", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
)


def _build(connection: sa.Connection) -> None:
    metadata.create_all(connection)
    connection.execute(
        settings.insert(), {"name": "secret", "value": secrets.token_hex(16)}
    )


MIGRATIONS = (_build,)
