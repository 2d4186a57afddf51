"""The account of a small batch, with all that a report can show."""

import base64
import io
from collections.abc import Iterator

import attrs
import pytest
from PIL import Image

from crowdlab.accounting import find_model
from crowdlab.lab import Lab
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.templates import load_template
from crowdlab.workflow import Report

WORDS = ("yes", "yes", "no")


def picture() -> str:
    """A picture as an address that needs no network."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "tan").save(file, "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


@pytest.fixture(scope="session")
def rich() -> Iterator[Report]:
    """Eight pictures, three workers: one reward returned, one bonus, a model to train."""
    clock = ManualClock(1_790_000_000)
    rows = [{"task": f"pet {n}", "image": picture()} for n in range(7)]
    rows.append({"task": "far", "image": "https://pets.example.org/far.jpg"})
    template = load_template("image-classification")
    with Marketplace(clock=clock, seed=1) as market, Lab(None, market) as lab:
        batch = lab.create(
            "pets",
            template=template,
            inputs=rows,
            reward="0.05",
            assignments=4,
            parameters={"choices": ["yes", "no"], "question": "Is it a pet?"},
        )
        lab.publish(batch)
        tasks = list(lab._ledger.hits.each(lab._find(batch).key))
        for number, word in enumerate(WORDS):
            worker = market.register(f"AWORKER{number}")
            for task, hit_id in tasks:
                assignment = market.accept(worker, hit_id)
                clock.advance(15 + 5 * number)
                fields = template.answer(task, {task.name: word})
                market.submit(worker, assignment, fields)
        lab.collect(batch)
        done = list(lab.answers(batch)["assignment_id"])
        lab.review(batch, reject=done[:1], feedback="Empty.")
        lab.review(batch)
        lab.bonus(batch, {done[1]: "0.25"}, reason="Thanks.")
        lab.expire(batch)
        clock.advance(60)
        lab.collect(batch)
        lab.labels(batch, "majority-vote")
        model = attrs.evolve(find_model("resnet-50"), batch_size=32, hours=10)
        yield lab.report(batch, training=model)
