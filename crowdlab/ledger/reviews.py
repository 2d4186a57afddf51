"""The decisions of a ledger: planned first, then known to be done."""

import time
from collections.abc import Mapping, Sequence

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Database
from crowdlab.ledger.answers import CHANGE
from crowdlab.ledger.records import Decision, PendingReview
from crowdlab.ledger.schema import assignments, reviews

__all__ = ["Reviews"]

_JOINED = reviews.join(assignments, assignments.c.id == reviews.c.assignment)
_DONE = (
    reviews.update()
    .where(reviews.c.assignment == bindparam("key"))
    .values(done=bindparam("at"))
)
_DECIDED = CHANGE.where(assignments.c.id == bindparam("key"))


@attrs.frozen
class Reviews:
    """The decisions of a ledger: planned first, then known to be done."""

    _database: Database

    def plan_approvals(self, batch: int, *, feedback: str | None) -> None:
        """Plans to approve every submitted answer for which nothing is planned."""
        submitted = sa.select(
            assignments.c.id,
            assignments.c.batch,
            sa.literal("Approved"),
            sa.literal(feedback, sa.Text),
            sa.literal(int(time.time())),
        ).where(
            assignments.c.batch == batch,
            assignments.c.status == "Submitted",
            ~sa.exists().where(reviews.c.assignment == assignments.c.id),
        )
        columns = ["assignment", "batch", "verdict", "feedback", "planned"]
        with self._database.transaction() as connection:
            connection.execute(reviews.insert().from_select(columns, submitted))

    def plan_rejections(self, batch: int, feedback_by_key: Mapping[int, str]) -> None:
        """Plans to reject these assignments, whatever was planned and is not done."""
        rows = [
            {
                "assignment": key,
                "batch": batch,
                "verdict": "Rejected",
                "feedback": feedback,
                "planned": int(time.time()),
            }
            for key, feedback in feedback_by_key.items()
        ]
        replaced = reviews.delete().where(
            reviews.c.assignment.in_(feedback_by_key), reviews.c.done.is_(None)
        )
        with self._database.transaction() as connection:
            connection.execute(replaced)
            connection.execute(reviews.insert(), rows)

    def pending(self, batch: int, *, limit: int) -> list[PendingReview]:
        """The next decisions that are planned and not known to be done."""
        wanted = (
            sa.select(
                assignments.c.id,
                assignments.c.assignment_id,
                reviews.c.verdict,
                reviews.c.feedback,
            )
            .select_from(_JOINED)
            .where(reviews.c.batch == batch, reviews.c.done.is_(None))
            .order_by(assignments.c.id)
            .limit(limit)
        )
        with self._database.transaction() as connection:
            return [PendingReview(*row) for row in connection.execute(wanted)]

    def count_pending(self, batch: int) -> int:
        """How many decisions are planned and not known to be done."""
        wanted = sa.select(sa.func.count()).where(
            reviews.c.batch == batch, reviews.c.done.is_(None)
        )
        with self._database.transaction() as connection:
            return int(connection.execute(wanted).scalar_one())

    def settle(self, decided: Sequence[Decision]) -> None:
        """Notes how the marketplace now has these assignments."""
        with self._database.transaction() as connection:
            connection.execute(_DECIDED, list(map(_to_change, decided)))
            connection.execute(_DONE, [{"key": d.key, "at": d.at} for d in decided])

    def statuses(
        self, batch: int, assignment_ids: Sequence[str]
    ) -> dict[str, tuple[int, str]]:
        """Key and status of those assignments that are in the batch, by id."""
        wanted = sa.select(
            assignments.c.assignment_id, assignments.c.id, assignments.c.status
        ).where(
            assignments.c.batch == batch,
            assignments.c.assignment_id.in_(assignment_ids),
        )
        with self._database.transaction() as connection:
            return {
                name: (key, status) for name, key, status in connection.execute(wanted)
            }


def _to_change(decided: Decision) -> dict[str, object]:
    is_rejected = decided.status == "Rejected"
    return {
        "key": decided.key,
        "new_status": decided.status,
        "new_approved": None if is_rejected else decided.at,
        "new_rejected": decided.at if is_rejected else None,
        "new_feedback": decided.feedback,
    }
