"""The bytes that a batch makes: counted, and foretold before it is published."""

from itertools import islice

from crowdlab.accounting import resident_bytes
from crowdlab.errors import BadAnswer
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.model import Task
from crowdlab.questions import build_answers
from crowdlab.templates import Template
from crowdlab.workflow.receipts import Footprint

__all__ = [
    "PAGES",
    "STORED",
    "measure_footprint",
    "predict_footprint",
    "predict_memory",
]

#: What the ledger calls these bytes.
PAGES, STORED = "pages", "ledger"
#: A vote in memory: three codes of four bytes.
VOTE = 12
#: What the ledger needs for a HIT, an answer and a label beside their texts: the
#: columns of fixed length, the ids, and the indexes over them.
HIT, ANSWER, LABEL = 600, 250, 90
#: Of an answer that nobody can make up ahead, such as a drawing.
TYPICAL_ANSWER = 1500
SAMPLE = 20
LIBRARIES = 15_000_000
#: By how much an aggregation's arrays are larger than the votes themselves.
WORKING = 10


def measure_footprint(ledger: Ledger, record: BatchRecord) -> Footprint:
    """The bytes that a batch made until now."""
    key = record.key
    n_answers, _ = ledger.answers.count(key)
    runs = ledger.labels.runs(key)
    answers, stored = ledger.answers.count_bytes(key), ledger.volumes.get(key, STORED)
    return Footprint(
        pages=ledger.volumes.get(key, PAGES),
        images=ledger.assets.total_bytes(key),
        answers=answers,
        ledger=stored,
        votes=VOTE * max((run.n_votes for run in runs), default=0),
        per_answer=(answers + stored) // n_answers if n_answers else None,
    )


def predict_footprint(
    ledger: Ledger, record: BatchRecord, template: Template
) -> Footprint:
    """The bytes that a batch will have made once every assignment is answered.

    Pages and images are known. How long answers are is seen on those that a simulated
    worker would give to some of the tasks.
    """
    key, batch = record.key, record.batch
    n_answers = batch.n_tasks * batch.assignments
    sample = list(islice(ledger.tasks.each(key), SAMPLE))
    n_things = sum(len(template.things(task)) for task in sample) / len(sample)
    xml, read = _mean_answer(template, sample)
    n_labels = n_things * batch.n_tasks
    stored = ledger.volumes.get(key, STORED) + batch.n_tasks * HIT
    stored += round(n_answers * (xml + read + ANSWER) + n_labels * LABEL)
    answers = round(n_answers * xml)
    return Footprint(
        pages=ledger.volumes.get(key, PAGES),
        images=ledger.assets.total_bytes(key),
        answers=answers,
        ledger=stored,
        votes=round(VOTE * n_answers * n_things),
        per_answer=(answers + stored) // n_answers,
    )


def predict_memory(footprint: Footprint) -> int:
    """The most bytes that this process will hold in any verb.

    That is what it holds now, what the libraries of the verbs to come take, and the
    arrays of the aggregation; HITs and answers pass through in chunks.
    """
    return resident_bytes() + LIBRARIES + WORKING * footprint.votes


def _mean_answer(template: Template, tasks: list[Task]) -> tuple[float, float]:
    """The bytes of an answer, as it is sent and as it is read."""
    sizes = [size for task in tasks if (size := _answer_size(template, task))]
    if not sizes:
        return TYPICAL_ANSWER, TYPICAL_ANSWER
    xml, read = zip(*sizes, strict=True)
    return sum(xml) / len(xml), sum(read) / len(read)


def _answer_size(template: Template, task: Task) -> tuple[int, int] | None:
    gold = template.gold(task)
    said = {
        thing: choices[0] if choices else gold.get(thing)
        for thing, choices in template.things(task)
    }
    try:
        fields = template.answer(task, said)
    except (BadAnswer, TypeError, ValueError):
        # What is drawn or written cannot be made up.
        return None
    return len(build_answers(fields)), sum(map(len, fields.values()))
