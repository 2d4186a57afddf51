"""Names for workers that tell them apart and do not tell who they are."""

import hashlib
from collections.abc import Iterable

__all__ = ["pseudonyms"]


def pseudonyms(workers: Iterable[str], key: bytes) -> list[str]:
    """A name for each worker: the same for the same key, of no use without it.

    Example:
        >>> ann, bob, ann_again = pseudonyms(["Ann", "Bob", "Ann"], b"secret")
        >>> ann == ann_again != bob
        True
        >>> [ann] == pseudonyms(["Ann"], b"another")
        False
    """
    return [_name(worker, key) for worker in workers]


def _name(worker: str, key: bytes) -> str:
    digest = hashlib.blake2b(
        worker.encode(), key=key, digest_size=10, person=b"pseudonym"
    )
    return f"w-{digest.hexdigest()}"
