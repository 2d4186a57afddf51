"""Workers whom a requester does not want to work on their HITs."""

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Params, Reply
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.schema import worker_blocks, workers
from crowdlab.marketplace.workers import known_worker

__all__ = [
    "create_worker_block",
    "delete_worker_block",
    "is_blocked",
    "list_worker_blocks",
]

MOST = 100_000

_THE_BLOCK = (worker_blocks.c.requester == bindparam("asks")) & (
    worker_blocks.c.worker == bindparam("who")
)
_FIND = Statement(sa.select(worker_blocks.c.id).where(_THE_BLOCK))
_NEW = Statement(worker_blocks.insert())
_CHANGE = Statement(
    worker_blocks.update().where(_THE_BLOCK).values(reason=bindparam("said"))
)
_LIFT = Statement(worker_blocks.delete().where(_THE_BLOCK))
_COUNT = Statement(
    sa.select(sa.func.count().label("n")).where(
        worker_blocks.c.requester == bindparam("asks")
    )
)
_PAGE = Statement(
    sa.select(worker_blocks.c.id, workers.c.worker_id, worker_blocks.c.reason)
    .select_from(worker_blocks.join(workers))
    .where(
        (worker_blocks.c.requester == bindparam("asks"))
        & (worker_blocks.c.id > bindparam("after"))
    )
    .order_by(worker_blocks.c.id)
    .limit(bindparam("most"))
)


def create_worker_block(call: Call, params: Params) -> Reply:
    """CreateWorkerBlock: the worker accepts nothing more; again gives a new reason."""
    worker, reason = known_worker(call, params["WorkerId"]), params["Reason"]
    if is_blocked(call, call.requester, worker.id):
        call.run(_CHANGE, asks=call.requester, who=worker.id, said=reason)
        return {}
    if call.one(_COUNT, asks=call.requester).n >= MOST:
        raise refusals.too_many_blocks(MOST)
    call.run(_NEW, requester=call.requester, worker=worker.id, reason=reason)
    return {}


def delete_worker_block(call: Call, params: Params) -> Reply:
    """DeleteWorkerBlock: fine also where there is none."""
    worker = known_worker(call, params["WorkerId"])
    call.run(_LIFT, asks=call.requester, who=worker.id)
    return {}


def list_worker_blocks(call: Call, params: Params) -> Reply:
    """ListWorkerBlocks: in the order in which they were made."""
    rows, frame = list_page(
        call,
        params,
        scope="ListWorkerBlocks",
        start=[0],
        fetch=lambda after, n: call.rows(
            _PAGE, asks=call.requester, after=after[0], most=n
        ),
        position=lambda block: [block.id],
    )
    blocks = [{"WorkerId": row.worker_id, "Reason": row.reason} for row in rows]
    return frame | {"WorkerBlocks": blocks}


def is_blocked(call: Call, requester: int, worker: int) -> bool:
    """Whether a requester does not want a worker."""
    return call.one(_FIND, asks=requester, who=worker) is not None
