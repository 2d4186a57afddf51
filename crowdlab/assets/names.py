"""What images are called: in the ledger by what is in them, for workers by nothing.

A worker who sees an image sees its address too. A name like ``cat_17.jpg`` would tell
the answer, and one that can be guessed would show what others are asked.
"""

import hashlib
import re

from crowdlab.assets.pictures import EXTENSIONS, Picture

__all__ = ["is_name", "name_of", "refer", "referred"]

# Ends in a name that the internet's rules keep from ever leading anywhere.
REFERENCE = "https://asset.invalid/sha256/"
DIGEST = re.compile(re.escape(REFERENCE) + "([0-9a-f]{64})")
ENDINGS = "|".join(re.escape(ending) for ending in EXTENSIONS.values())
NAME = re.compile(f"[0-9a-f]{{32}}({ENDINGS})")


def refer(digest: str) -> str:
    """What stands in a task for an image until it is published: a URL of nowhere.

    It is made of the file's content, so a task is the same wherever its images lie.

    Example:
        >>> referred(refer("0" * 64)) == "0" * 64
        True
    """
    return f"{REFERENCE}{digest}"


def referred(text: object) -> str | None:
    """The digest of the file that a reference means; ``None`` for anything else."""
    match = DIGEST.fullmatch(text) if isinstance(text, str) else None
    return match[1] if match else None


def name_of(secret: bytes, digest: str, picture: Picture) -> str:
    """The name under which browsers find an image: always the same, never guessed.

    Args:
        secret: of the ledger; without it nobody can say what a known file is called.
        digest: of the file that the requester has.

    Example:
        >>> name_of(b"secret", "0" * 64, Picture(b"", "jpeg", 1, 1))
        'f6b1f934051e11d169d8dc3be5d4b0ab.jpg'
    """
    keyed = hashlib.blake2b(digest.encode(), key=secret, digest_size=16)
    return f"{keyed.hexdigest()}{EXTENSIONS[picture.kind]}"


def is_name(text: str) -> bool:
    """Whether a text could be the name of an image of ours.

    Example:
        >>> is_name("../../etc/passwd")
        False
    """
    return NAME.fullmatch(text) is not None
