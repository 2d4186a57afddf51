"""Finding HITs again that were asked for by a process which did not live to note it."""

import re

import attrs

from crowdlab.errors import MTurkError
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.mturk import Transport, pages
from crowdlab.questions import Annotation

__all__ = ["find_by_annotation", "find_existing", "reconcile"]

ALREADY_EXISTS = "hitalreadyexists"
NAMED = re.compile(r'The HIT with ID "([A-Z0-9]+)" already exists')


def reconcile(ledger: Ledger, transport: Transport, record: BatchRecord) -> None:
    """Notes those HITs of a batch that were intended, exist, and are not noted.

    Tokens keep a request from being repeated for a day. The annotation, which carries
    the same text, finds a HIT as long as it lives.
    """
    intended = ledger.hits.unresolved(record.key)
    found = find_by_annotation(transport, set(intended))
    if found:
        new = [
            attrs.evolve(intended[token], hit_id=hit) for token, hit in found.items()
        ]
        ledger.hits.add(record.key, new, max_assignments=record.batch.assignments)


def find_existing(transport: Transport, token: str, refusal: MTurkError) -> str | None:
    """The id of the HIT that a refusal says exists already; ``None`` for other ones."""
    if not (refusal.turk_code or "").lower().endswith(ALREADY_EXISTS):
        return None
    named = NAMED.search(refusal.message)
    if named:
        return named.group(1)
    return find_by_annotation(transport, {token}).get(token)


def find_by_annotation(transport: Transport, tokens: set[str]) -> dict[str, str]:
    """The ids of the HITs that carry these tokens, by token."""
    found: dict[str, str] = {}
    if not tokens:
        return found
    for page in pages(transport, "ListHITs", {}, "HITs"):
        for hit in page:
            annotation = Annotation.read(hit.get("RequesterAnnotation"))
            if annotation is not None and annotation.token in tokens:
                found[annotation.token] = hit["HITId"]
        if len(found) == len(tokens):
            break
    return found
