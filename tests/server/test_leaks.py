"""What the requester alone knows is nowhere on the site that workers see."""

import re
from pathlib import Path

import pytest

from crowdlab.lab import Lab
from crowdlab.samples import digits
from tests.server.conftest import Server
from tests.server.doorstep import Browser

#: What workers could learn from, each made to be found.
SECRETS = ("SECRETBATCH", "SECRETTASK", "SECRETSCALE", '"gold"')


@pytest.fixture
def published(server: Server, tmp_path: Path) -> str:
    """The id of a HIT whose row has a name, a scale and gold."""
    (image,) = next(digits().rows())["images"][:1]
    row = {
        "task": "SECRETTASK/17",
        "items": [{"id": "m", "image": image}, {"id": "k", "text": "Sun."}],
        "scale": "SECRETSCALE",
        "gold": "k",
    }
    with Lab(tmp_path / "ledger.db", endpoint=server.markets.production) as lab:
        lab.create(
            "SECRETBATCH", template="pairwise-comparison", inputs=[row], reward="0.05"
        )
        lab.publish("SECRETBATCH")
    (hit,) = server.markets.production.call("ListHITs", {})["HITs"]
    assert "SECRETTASK" in hit["RequesterAnnotation"]
    return str(hit["HITId"])


def test_a_worker_sees_no_secret(server: Server, published: str) -> None:
    """Neither a page of the site, nor a task's page, nor a header or address tells."""
    ana = Browser(server)
    ana.sign_in("ana", "")
    seen = [ana.get("/production/"), ana.get(f"/production/hits/{published}")]
    accepted = ana.post(f"/production/hits/{published}/accept")
    seen += [accepted, ana.get(accepted.headers["location"])]
    frames = [
        re.search(r'<iframe[^>]* src="[^"]*?(/hit/[^"]+)"', page.text)
        for page in (seen[1], seen[3])
    ]
    host = {"Host": server.origins.frames.partition("//")[2]}
    for frame in frames:
        assert frame
        seen.append(server.ask("GET", frame[1].replace("&amp;", "&"), headers=host))

    assert [each.status for each in seen] == [200, 200, 303, 200, 200, 200]
    assert "Sun." in seen[-1].text
    for each in seen:
        told = f"{each.headers} {each.text}"
        assert [secret for secret in SECRETS if secret in told] == []
