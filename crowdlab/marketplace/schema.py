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
    "bonuses",
    "hit_type_requirements",
    "hit_types",
    "hits",
    "is_live",
    "layouts",
    "messages",
    "metadata",
    "outbox",
    "qualification_requests",
    "qualification_types",
    "qualifications",
    "questions",
    "requesters",
    "review_entries",
    "settings",
    "tokens",
    "worker_blocks",
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
    # Gone together with a Qualification type that it required.
    Column("is_deleted", Boolean, nullable=False, server_default=sa.false()),
    # Who is told of events: a NotificationSpecification as JSON, if there is one.
    Column("notification", Text),
    Column("is_notifying", Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("requester", "fingerprint"),
)

hit_type_requirements = sa.Table(
    "hit_type_requirements",
    metadata,
    Column("hit_type", ForeignKey("hit_types.id"), primary_key=True),
    # Also of a system's type, which is in no table.
    Column("qualification_type_id", Text, primary_key=True, index=True),
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
    Column("question_kind", Text, nullable=False),
    Column("annotation", Text),
    # The batch that the annotation names, where it is one of ours.
    Column("batch", Text),
    Column("layout_id", Text),
    # ReviewPolicy structures as JSON.
    Column("assignment_policy", Text),
    Column("hit_policy", Text),
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
hits_of_batch = Index("hits_of_batch", hits.c.requester, hits.c.batch, hits.c.id)
Index(
    "hits_due",
    hits.c.due,
    sqlite_where=hits.c.due.is_not(None),
    postgresql_where=hits.c.due.is_not(None),
)

# Apart from the HIT, whose row changes with every assignment: a page is long.
questions = sa.Table(
    "questions",
    metadata,
    Column("hit", ForeignKey("hits.id"), primary_key=True),
    Column("text", Text, nullable=False),
)

workers = sa.Table(
    "workers",
    metadata,
    Column("id", Key, primary_key=True),
    Column("worker_id", Text, nullable=False, unique=True),
    Column("registered", BigInteger, nullable=False),
    Column("country", Text, nullable=False),
    Column("subdivision", Text),
    # What the worker had done before coming here.
    Column("approved", BigInteger, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("is_master", Boolean, nullable=False),
    Column("is_adult", Boolean, nullable=False),
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
    # What ScoreMyKnownAnswers made of it.
    Column("known_answer_score", Integer),
    Column("due", BigInteger),
)
Index("assignments_of_hit", assignments.c.hit, assignments.c.submitted)
assignments_by_submission = Index(
    "assignments_by_submission",
    assignments.c.submitted,
    assignments.c.id,
    sqlite_where=assignments.c.submitted.is_not(None),
    postgresql_where=assignments.c.submitted.is_not(None),
)


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

bonuses = sa.Table(
    "bonuses",
    metadata,
    Column("id", Key, primary_key=True),
    Column("assignment", ForeignKey("assignments.id"), nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("granted", BigInteger, nullable=False),
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

qualification_types = sa.Table(
    "qualification_types",
    metadata,
    Column("id", Key, primary_key=True),
    Column("qualification_type_id", Text, nullable=False, unique=True),
    Column("requester", ForeignKey("requesters.id"), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("keywords", Text),
    Column("status", Text, nullable=False),
    Column("test", Text),
    Column("test_duration", BigInteger),
    Column("answer_key", Text),
    Column("retry_delay", BigInteger),
    Column("auto_granted", Boolean, nullable=False),
    Column("auto_granted_value", Integer, nullable=False),
    Column("deleted", BigInteger),
)
Index(
    "one_live_qualification_type",
    qualification_types.c.requester,
    qualification_types.c.name,
    unique=True,
    sqlite_where=qualification_types.c.deleted.is_(None),
    postgresql_where=qualification_types.c.deleted.is_(None),
)

qualifications = sa.Table(
    "qualifications",
    metadata,
    Column("id", Key, primary_key=True),
    Column("qualification_type", ForeignKey("qualification_types.id"), nullable=False),
    Column("worker", ForeignKey("workers.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("value", Integer, nullable=False),
    Column("granted", BigInteger, nullable=False),
    sa.UniqueConstraint("qualification_type", "worker"),
)

qualification_requests = sa.Table(
    "qualification_requests",
    metadata,
    Column("id", Key, primary_key=True),
    Column("qualification_request_id", Text, nullable=False, unique=True),
    Column("qualification_type", ForeignKey("qualification_types.id"), nullable=False),
    Column("worker", ForeignKey("workers.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("submitted", BigInteger, nullable=False),
    # The test as it was when it was taken: the type's own may change.
    Column("test", Text),
    Column("answer", Text),
)
Index(
    "requests_of_type",
    qualification_requests.c.qualification_type,
    qualification_requests.c.worker,
)

worker_blocks = sa.Table(
    "worker_blocks",
    metadata,
    Column("id", Key, primary_key=True),
    Column("requester", ForeignKey("requesters.id"), nullable=False),
    Column("worker", ForeignKey("workers.id"), nullable=False),
    Column("reason", Text, nullable=False),
    sa.UniqueConstraint("requester", "worker"),
)

messages = sa.Table(
    "messages",
    metadata,
    Column("id", Key, primary_key=True),
    Column("requester", ForeignKey("requesters.id"), nullable=False),
    Column("worker", ForeignKey("workers.id"), nullable=False, index=True),
    Column("sent", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
)

layouts = sa.Table(
    "layouts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("layout_id", Text, nullable=False, unique=True),
    Column("requester", ForeignKey("requesters.id"), nullable=False),
    Column("page", Text, nullable=False),
    Column("frame_height", Integer, nullable=False),
)

review_entries = sa.Table(
    "review_entries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hit", ForeignKey("hits.id"), nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # A ReviewResultDetail or a ReviewActionDetail as JSON.
    Column("entry", Text, nullable=False),
)
Index("review_entries_of_hit", review_entries.c.hit, review_entries.c.id)

# Event documents, written with what they tell of and delivered once that is durable.
outbox = sa.Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("transport", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("document", Text, nullable=False),
    # When to try next; nothing once it is delivered.
    Column("due", BigInteger),
    _count("n_failures"),
)
Index(
    "outbox_due",
    outbox.c.due,
    sqlite_where=outbox.c.due.is_not(None),
    postgresql_where=outbox.c.due.is_not(None),
)


def _build(connection: sa.Connection) -> None:
    metadata.create_all(connection)
    connection.execute(
        settings.insert(), {"name": "secret", "value": secrets.token_hex(16)}
    )


def _name_batches(connection: sa.Connection) -> None:
    # A store that was made after this step was written has the column already.
    known = {column["name"] for column in sa.inspect(connection).get_columns("hits")}
    if "batch" not in known:
        connection.exec_driver_sql("ALTER TABLE hits ADD COLUMN batch TEXT")
        hits_of_batch.create(connection)
        assignments_by_submission.create(connection)


MIGRATIONS = (_build, _name_batches)
