"""Passwords, kept as Argon2 keeps them."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crowdlab.errors import WorkRefused

__all__ = ["FEWEST", "MOST", "hash_password", "is_password", "need_sound"]

FEWEST, MOST = 8, 200

# OWASP's choice: as hard to guess as the library's own, and kinder to a small server.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: Of no password: who asks for a name that is not there waits as long as others.
_NOBODYS = _hasher.hash("")


def need_sound(password: str) -> None:
    """Refuses what is no password.

    Raises:
        WorkRefused: it is too short or too long.

    Example:
        >>> need_sound("sesame")
        Traceback (most recent call last):
        ...
        crowdlab.errors.WorkRefused: give a password of 8 to 200 characters
    """
    if not FEWEST <= len(password) <= MOST:
        text = f"give a password of {FEWEST} to {MOST} characters"
        raise WorkRefused("bad-password", text)


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether it is the password of which that was kept; it takes its time.

    Example:
        >>> is_password(hash_password("open sesame"), "open sesame")
        True
        >>> is_password(None, "")
        False
    """
    try:
        _hasher.verify(kept or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
