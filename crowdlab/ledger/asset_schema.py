"""The tables of a ledger for images, which came after the others."""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from crowdlab.database import Migration
from crowdlab.ledger import schema

__all__ = ["MIGRATIONS", "images", "secrets", "uploads"]

_METADATA = MetaData()

# What the rows of a batch name; a file is known by what is in it.
images = Table(
    "images",
    _METADATA,
    Column("batch", ForeignKey(schema.batches.c.id), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("path", Text, nullable=False),
    Column("n_bytes", BigInteger, nullable=False),
    Column("width", BigInteger, nullable=False),
    Column("height", BigInteger, nullable=False),
)

# Of all batches: what is at a home once is not sent there again.
uploads = Table(
    "uploads",
    _METADATA,
    Column("home", Text, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("url", Text, nullable=False, index=True),
    Column("created", BigInteger, nullable=False),
)

secrets = Table(
    "secrets",
    _METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)


def _build(connection: Connection) -> None:
    _METADATA.create_all(connection)


MIGRATIONS: tuple[Migration, ...] = (*schema.MIGRATIONS, _build)
