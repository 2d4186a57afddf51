"""Where crowdlab touches the inside of moto, which may move with any release."""

from pathlib import Path

import moto
from moto import backend_index, backends
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import BaseResponse
from moto.moto_server import werkzeug_app

from crowdlab.moto.registration import SERVICES, TARGET, register


def test_the_seam() -> None:
    """All that ``register`` relies on is there, and moto then finds our service."""
    theirs = [place for place in moto.__path__ if place != SERVICES]

    assert not any((Path(place) / "mturk").exists() for place in theirs), (
        "moto has a service 'mturk' of its own now. Ours still goes first. Compare the "
        "two: if theirs passes tests/conformance, let register() do nothing and drop "
        "crowdlab/moto/services; if not, keep ours and drop this assertion."
    )
    assert isinstance(backend_index.backend_url_patterns, list), (
        "moto.backend_index.backend_url_patterns is no list any more: find what "
        "moto/core/botocore_stubber.py walks to find a request's service, and let "
        "register() add (name, pattern) there."
    )
    assert isinstance(werkzeug_app.UNSIGNED_REQUESTS, dict), (
        "moto.moto_server.werkzeug_app.UNSIGNED_REQUESTS is no mapping any more: find "
        "how moto's server dispatches a request without a signature (it would go to "
        "S3), and let register() name our X-Amz-Target there."
    )
    register()
    find = getattr(backends, "get_backend", None)
    assert find is not None, (
        "moto.backends.get_backend is gone: find how moto imports the package of a "
        "service, and let register() make ours importable there."
    )
    found = find("mturk")
    assert isinstance(found, BackendDict), (
        "moto finds no backends under the name mturk: compare the module that "
        "moto.backends.get_backend imports with crowdlab/moto/services/mturk."
    )
    for place, name in (
        (BaseBackend, "reset"),
        (BaseBackend, "urls"),
        (BaseResponse, "call_action"),
        (BaseResponse, "_authenticate_and_authorize_normal_action"),
        (BaseResponse, "_enrich_response"),
    ):
        assert hasattr(place, name), (
            f"moto's {place.__name__}.{name} is gone: read what a service of moto's own "
            "does instead, and do the same in crowdlab/moto/services/mturk."
        )


def test_registering_twice() -> None:
    """A second registration changes nothing."""
    register()
    before = list(moto.__path__), list(backend_index.backend_url_patterns)
    register()

    assert (list(moto.__path__), list(backend_index.backend_url_patterns)) == before
    assert [name for name, _ in before[1]].count("mturk") == 1
    assert werkzeug_app.UNSIGNED_REQUESTS[TARGET] == ("mturk-requester", "us-east-1")
