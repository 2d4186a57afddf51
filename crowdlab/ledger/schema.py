"""The tables of a ledger, and the migrations that build them.

Money is in whole cents, times are seconds since 1970, JSON is text. Migrations are
frozen once released: a later one may not use the tables as they stand here.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from crowdlab.database import Migration

__all__ = [
    "MIGRATIONS",
    "assignments",
    "batches",
    "hits",
    "intents",
    "key",
    "labels",
    "measurements",
    "reviews",
    "runs",
    "scores",
    "tasks",
    "truths",
]

_METADATA = MetaData()
# SQLite numbers rows by itself only where the key is called INTEGER.
_KEY = BigInteger().with_variant(Integer, "sqlite")


def key() -> Column[int]:
    """The column by which a table's rows are found."""
    return Column("id", _KEY, primary_key=True)


def _of(name: str, *, primary_key: bool = False, index: bool = False) -> Column[int]:
    table = "batches" if name == "batch" else f"{name}s"
    return Column(
        name,
        _KEY,
        ForeignKey(f"{table}.id"),
        nullable=False,
        primary_key=primary_key,
        index=index,
    )


batches = Table(
    "batches",
    _METADATA,
    key(),
    # Names the batch in tokens: another ledger's batch of the same name has another.
    Column("uid", String(32), nullable=False, unique=True),
    Column("name", Text, nullable=False, unique=True),
    Column("template", Text, nullable=False),
    Column("template_version", Text, nullable=False),
    Column("template_path", Text),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("keywords", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("reward", BigInteger, nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("assignments", BigInteger, nullable=False),
    Column("budget", BigInteger),
    Column("duration_seconds", BigInteger, nullable=False),
    Column("lifetime_seconds", BigInteger, nullable=False),
    Column("auto_approval_seconds", BigInteger, nullable=False),
    Column("seconds_per_task", Float, nullable=False),
    Column("environment", Text, nullable=False),
    Column("n_tasks", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
)

tasks = Table(
    "tasks",
    _METADATA,
    key(),
    _of("batch"),
    Column("position", BigInteger, nullable=False),
    Column("task_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("input", Text, nullable=False),
    UniqueConstraint("batch", "position"),
    UniqueConstraint("batch", "task_id"),
    UniqueConstraint("batch", "name"),
)

# Written before a HIT is asked for: what stands here may exist on the marketplace.
intents = Table(
    "intents",
    _METADATA,
    Column("token", String(64), primary_key=True),
    _of("task"),
    Column("copy", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("task", "copy"),
)

hits = Table(
    "hits",
    _METADATA,
    key(),
    Column("hit_id", String(64), nullable=False, unique=True),
    _of("batch", index=True),
    _of("task"),
    Column("copy", Integer, nullable=False),
    Column("max_assignments", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("task", "copy"),
)

assignments = Table(
    "assignments",
    _METADATA,
    key(),
    Column("assignment_id", String(64), nullable=False, unique=True),
    _of("hit", index=True),
    _of("batch"),
    _of("task"),
    Column("worker", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("submitted", BigInteger, nullable=False),
    Column("auto_approval", BigInteger),
    Column("approved", BigInteger),
    Column("rejected", BigInteger),
    Column("feedback", Text),
    Column("answer_xml", Text, nullable=False),
    Column("answer", Text),
    # NULL until the answer was read; then why it is flagged, or "".
    Column("problem", Text),
    Index("assignments_of_tasks", "batch", "task"),
)
_UNREAD = assignments.c.problem.is_(None)
Index(
    "assignments_unread",
    assignments.c.batch,
    sqlite_where=_UNREAD,
    postgresql_where=_UNREAD,
)

# Written before an assignment is decided; done once the marketplace agreed.
reviews = Table(
    "reviews",
    _METADATA,
    _of("assignment", primary_key=True),
    _of("batch", index=True),
    Column("verdict", String(16), nullable=False),
    Column("feedback", Text),
    Column("planned", BigInteger, nullable=False),
    Column("done", BigInteger),
)

runs = Table(
    "runs",
    _METADATA,
    key(),
    _of("batch", index=True),
    Column("method", Text, nullable=False),
    Column("n_votes", BigInteger, nullable=False),
    Column("n_labels", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
)

labels = Table(
    "labels",
    _METADATA,
    _of("run", primary_key=True),
    Column("thing", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("n_votes", BigInteger, nullable=False),
)

scores = Table(
    "scores",
    _METADATA,
    _of("run", primary_key=True),
    Column("worker", Text, primary_key=True),
    Column("quality", Float, nullable=False),
    Column("n_votes", BigInteger, nullable=False),
    Column("n_known", BigInteger, nullable=False),
    Column("n_right", BigInteger, nullable=False),
)

truths = Table(
    "truths",
    _METADATA,
    _of("batch", primary_key=True),
    Column("thing", Text, primary_key=True),
    Column("label", Text, nullable=False),
)

measurements = Table(
    "measurements",
    _METADATA,
    key(),
    _of("batch", index=True),
    Column("verb", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("before_bytes", BigInteger, nullable=False),
    Column("peak_bytes", BigInteger, nullable=False),
    Column("held_bytes", BigInteger, nullable=False),
)


def _build(connection: Connection) -> None:
    _METADATA.create_all(connection)


MIGRATIONS: tuple[Migration, ...] = (_build,)
