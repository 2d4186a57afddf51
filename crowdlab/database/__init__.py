"""One SQL database of ours: opened, locked, migrated; SQLite or PostgreSQL.

The ledger and the marketplace are strangers to one another and both keep their state
in a database. What they have in common stands here once: how a file is opened, how a
transaction is taken, how a schema moves on.
"""

from crowdlab.database.statement import Statement
from crowdlab.database.store import Database, Migration

__all__ = ["Database", "Migration", "Statement"]
