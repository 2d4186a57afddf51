"""The images of a ledger: what batches show, and where it was sent."""

import secrets as randomness
import time
from collections.abc import Collection, Mapping, Sequence

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.ledger.asset_schema import images, secrets, uploads
from crowdlab.ledger.records import ImageRecord

__all__ = ["Assets"]

_NAMING = "names of images"
_COLUMNS = (
    images.c.digest,
    images.c.path,
    images.c.n_bytes,
    images.c.width,
    images.c.height,
)


@attrs.frozen
class Assets:
    """The images of a ledger: what batches show, and where it was sent."""

    _database: Database

    def add(self, batch: int, new: Sequence[ImageRecord]) -> None:
        """Notes the images that a batch shows."""
        rows = [{"batch": batch, **attrs.asdict(image)} for image in new]
        with self._database.transaction() as connection:
            if rows:
                connection.execute(images.insert(), rows)

    def count(self, batch: int) -> int:
        """How many images a batch shows."""
        return self._sum(sa.func.count(), batch)

    def count_sent(self, batch: int, home: str) -> int:
        """How many images of a batch are at that home."""
        wanted = (
            sa.select(sa.func.count())
            .join_from(images, uploads, uploads.c.digest == images.c.digest)
            .where(images.c.batch == batch, uploads.c.home == home)
        )
        with self._database.transaction() as connection:
            return int(connection.execute(wanted).scalar_one())

    def total_bytes(self, batch: int) -> int:
        """The bytes of all images of a batch, each counted once, as workers get them."""
        return self._sum(sa.func.coalesce(sa.func.sum(images.c.n_bytes), 0), batch)

    def unsent(self, batch: int, home: str, *, limit: int) -> list[ImageRecord]:
        """The next images of a batch that are not at that home."""
        wanted = (
            sa.select(*_COLUMNS)
            .outerjoin(
                uploads,
                (uploads.c.digest == images.c.digest) & (uploads.c.home == home),
            )
            .where(images.c.batch == batch, uploads.c.digest.is_(None))
            .order_by(images.c.digest)
            .limit(limit)
        )
        with self._database.transaction() as connection:
            return [ImageRecord(*row) for row in connection.execute(wanted)]

    def note(self, home: str, urls: Mapping[str, str]) -> None:
        """Notes that images are at a home now, by digest, and their URLs."""
        wanted = sa.select(uploads.c.digest).where(
            uploads.c.home == home, uploads.c.digest.in_(urls)
        )
        with self._database.transaction() as connection:
            # Another process may have sent the same.
            known = set(connection.execute(wanted).scalars())
            rows = [
                {
                    "home": home,
                    "digest": digest,
                    "url": url,
                    "created": int(time.time()),
                }
                for digest, url in urls.items()
                if digest not in known
            ]
            if rows:
                connection.execute(uploads.insert(), rows)

    def urls(self, home: str, digests: Collection[str]) -> dict[str, str]:
        """The URLs of those of the images that are at that home, by digest."""
        wanted = sa.select(uploads.c.digest, uploads.c.url).where(
            uploads.c.home == home, uploads.c.digest.in_(digests)
        )
        with self._database.transaction() as connection:
            return {row.digest: row.url for row in connection.execute(wanted)}

    def find(
        self, batch: int, *, digest: str | None = None, url: str | None = None
    ) -> ImageRecord | None:
        """The image of a batch that has this digest, or was sent to this URL."""
        sent = sa.select(uploads.c.digest).where(uploads.c.url == url)
        wanted = sa.select(*_COLUMNS).where(
            images.c.batch == batch,
            (images.c.digest == digest) | images.c.digest.in_(sent),
        )
        with self._database.transaction() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else ImageRecord(*row)

    def secret(self) -> bytes:
        """What the names of images are made with; the same as long as the ledger is."""
        wanted = sa.select(secrets.c.value).where(secrets.c.name == _NAMING)
        with self._database.transaction() as connection:
            known = connection.execute(wanted).scalar_one_or_none()
            if known is not None:
                return bytes(known)
            new = randomness.token_bytes(32)
            connection.execute(secrets.insert(), {"name": _NAMING, "value": new})
        return new

    def _sum(self, figure: "sa.ColumnElement[int]", batch: int) -> int:
        wanted = sa.select(figure).where(images.c.batch == batch)
        with self._database.transaction() as connection:
            return int(connection.execute(wanted).scalar_one())
