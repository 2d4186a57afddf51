"""The tables of a ledger for its accounts, which came after those for images."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    MetaData,
    String,
    Table,
    Text,
)

from crowdlab.database import Migration
from crowdlab.ledger import asset_schema, schema

__all__ = ["MIGRATIONS", "bonuses", "endings", "observations", "volumes"]

_METADATA = MetaData()

# Written before a bonus is sent; paid once the marketplace agreed.
bonuses = Table(
    "bonuses",
    _METADATA,
    schema.key(),
    Column("batch", ForeignKey(schema.batches.c.id), nullable=False, index=True),
    Column("assignment", ForeignKey(schema.assignments.c.id), nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("amount", BigInteger, nullable=False),
    Column("fee", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("planned", BigInteger, nullable=False),
    Column("paid", BigInteger),
)

# Of HITs that were taken off the market; closed once nobody can answer them any more.
endings = Table(
    "endings",
    _METADATA,
    Column("hit", ForeignKey(schema.hits.c.id), primary_key=True),
    Column("expired", BigInteger, nullable=False),
    Column("closed", BigInteger),
)

# What a marketplace said of the account, beside what the books came to.
observations = Table(
    "observations",
    _METADATA,
    schema.key(),
    Column("environment", Text, nullable=False, index=True),
    Column("made", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("books", BigInteger, nullable=False),
    Column("dead", BigInteger, nullable=False),
)

# Bytes that were there once and are not kept, such as those of pages.
volumes = Table(
    "volumes",
    _METADATA,
    Column("batch", ForeignKey(schema.batches.c.id), primary_key=True),
    Column("noun", String(16), primary_key=True),
    Column("n_bytes", BigInteger, nullable=False),
)


def _build(connection: Connection) -> None:
    _METADATA.create_all(connection)


MIGRATIONS: tuple[Migration, ...] = (*asset_schema.MIGRATIONS, _build)
