"""Bringing a batch's images to where browsers find them, each once."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from crowdlab.assets import (
    Home,
    digest,
    find_places,
    load,
    name_of,
    read_picture,
    referred,
)
from crowdlab.errors import BadInput
from crowdlab.ledger import BatchRecord, ImageRecord, Ledger, TaskRecord
from crowdlab.templates import Template
from crowdlab.workflow.receipts import Progress

__all__ = ["fill", "read_image", "upload"]

JSON = Mapping[str, Any]

#: Images on their way at once; none of the others is in memory.
AT_ONCE = 8
CHUNK = 32


def upload(
    ledger: Ledger, record: BatchRecord, home: Home, *, progress: Progress
) -> None:
    """Brings those images of a batch home that are not there.

    They get the same names whenever they are sent, so what was sent and not noted,
    because the process was killed, is sent again and is there once.

    Raises:
        BadInput: for a file that changed or has gone, and for a home that does not
            take it; what was sent until then is noted.
    """
    n_images = ledger.assets.count(record.key)
    n_sent = ledger.assets.count_sent(record.key, home.name)
    progress(n_sent, n_images)
    if n_sent == n_images:
        return
    home.prepare()
    for n_more in _upload(ledger, record, home):
        n_sent += n_more
        progress(n_sent, n_images)


def _upload(ledger: Ledger, record: BatchRecord, home: Home) -> Iterator[int]:
    """Sends what is missing and gives how many, time after time."""
    send = partial(_send, home, ledger.assets.secret())
    # The first goes alone, and is looked at as workers will.
    limit = 1
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while images := ledger.assets.unsent(record.key, home.name, limit=limit):
            sending = {image.digest: pool.submit(send, image) for image in images}
            urls = _arrived(sending)
            if limit == 1:
                for url in urls.values():
                    home.check(url)
            ledger.assets.note(home.name, urls)
            for future in sending.values():
                future.result()
            yield len(urls)
            limit = CHUNK


def _arrived(sending: Mapping[str, Future[str]]) -> dict[str, str]:
    """The URLs of those that came through, once all came to an end."""
    return {
        digest: future.result()
        for digest, future in sending.items()
        if future.exception() is None
    }


def fill(
    ledger: Ledger, template: Template, home: Home, tasks: Sequence[TaskRecord]
) -> list[TaskRecord]:
    """The tasks with URLs for references, as the ledger has them from now on."""
    contents = {each.key: copy.deepcopy(dict(each.task.input)) for each in tasks}
    waiting = {
        key: [
            (place, reference)
            for place in find_places(content, template.input_schema)
            if (reference := referred(place.address))
        ]
        for key, content in contents.items()
    }
    wanted = {digest for places in waiting.values() for _, digest in places}
    urls = ledger.assets.urls(home.name, wanted)
    for places in waiting.values():
        for place, reference in places:
            place.put(urls[reference])
    ledger.tasks.fill({key: contents[key] for key, places in waiting.items() if places})
    return [
        attrs.evolve(each, task=attrs.evolve(each.task, input=contents[each.key]))
        for each in tasks
    ]


def read_image(image: ImageRecord) -> bytes:
    """The file of an image, as it was when its batch was created.

    Raises:
        BadInput: it is another now, or gone.
    """
    try:
        data = load(Path(image.path))
    except BadInput as error:
        raise BadInput(f"assets: {image.path}: {error}") from error
    if digest(data) != image.digest:
        raise BadInput(
            f"assets: {image.path}: is another file than when the batch was created; "
            "create the batch anew"
        )
    return data


def _send(home: Home, secret: bytes, image: ImageRecord) -> str:
    picture = read_picture(read_image(image))
    return home.put(name_of(secret, image.digest, picture), picture)
