"""The account of a batch in its parts, as a report shows them."""

import datetime as dt
from decimal import Decimal

import attrs

from crowdlab.accounting import Accounts, Offer, Wages
from crowdlab.ledger import HeldLabel, ImageRecord, Score
from crowdlab.quality import Agreement
from crowdlab.workflow.receipts import DETAIL, TABLE, Footprint, Receipt

__all__ = [
    "Confusion",
    "Doubt",
    "MethodReport",
    "Pace",
    "Report",
    "Training",
    "VerbReport",
]


@attrs.frozen(kw_only=True, repr=False)
class MethodReport(Receipt):
    """What one method made of the votes.

    Attributes:
        accuracy: share of the labels with known truth that are right.
    """

    method: str
    labels: int
    accuracy: float | None
    cost_per_label: Decimal | None
    cost_per_correct_label: Decimal | None


@attrs.frozen(kw_only=True, repr=False)
class VerbReport(Receipt):
    """What one verb took: the sum of its seconds, the largest of its bytes."""

    verb: str
    seconds: float
    peak_bytes: int
    held_bytes: int


@attrs.frozen(kw_only=True, repr=False)
class Pace(Receipt):
    """How the work came in: when, by whom, and how long each answer took.

    Attributes:
        moments: equal steps from the first answer to the last.
        arrived: how many answers had come by then.
        workloads: the number of answers of each worker, the busiest first.
        seconds: limits of bands of elapsed time.
        durations: how many answers took that long; the last band has all longer ones.
        elapsed_seconds: the median from accepting to submitting.
        active_seconds: the median that a page was seen and touched, where pages tell.
        wages: the quartiles of the hourly wage, bonuses included.
    """

    moments: tuple[dt.datetime, ...] = ()
    arrived: tuple[int, ...] = ()
    workloads: tuple[int, ...] = ()
    seconds: tuple[float, ...] = ()
    durations: tuple[int, ...] = ()
    elapsed_seconds: float | None = None
    active_seconds: float | None = None
    wages: Wages | None = None


@attrs.frozen(kw_only=True, repr=False)
class Confusion(Receipt):
    """What workers said, held against what was found or known to be right.

    Attributes:
        against: ``truth`` or ``labels``.
        votes: for each right label a row, with the number of votes for each label.
    """

    against: str
    labels: tuple[str, ...]
    votes: tuple[tuple[int, ...], ...]


@attrs.frozen(kw_only=True, repr=False)
class Doubt(Receipt):
    """A task on which workers do not agree.

    Attributes:
        votes: for each label that was given, how many gave it; most first.
        text: what the task shows in words.
        address: of the picture that it shows.
        image: its file on this machine.
    """

    task: str
    label: str | None
    confidence: float | None
    truth: str | None
    votes: tuple[tuple[str, int], ...]
    text: str
    address: str = attrs.field(metadata=TABLE)
    image: ImageRecord | None = attrs.field(metadata=TABLE)


@attrs.frozen(kw_only=True, repr=False)
class Training(Receipt):
    """What it takes to train the model that the labels are for.

    Attributes:
        training_bytes: of GPU memory, to train.
        inference_bytes: of memory, to use one example at a time.
        hours: as the model tells.
        offers: the cheapest ways to have a GPU that holds it.
    """

    model: str
    batch_size: int
    training_bytes: int
    inference_bytes: int
    hours: float | None
    offers: tuple[Offer, ...]

    @property
    def cost(self) -> Decimal | None:
        """Dollars for the cheapest GPU, for its hours; ``None`` where none is told."""
        return self.offers[0].cost if self.offers else None


@attrs.frozen(kw_only=True, repr=False)
class Report(Receipt):
    """The account of a batch, from the ledger alone.

    Attributes:
        rewards: paid for approved answers.
        fees: paid to the marketplace, for these and for bonuses.
        total: all that is paid.
        committed: what the published assignments without a decision may still cost.
        set_aside: what all published assignments would cost, answered and approved.
        labels: of the newest run of a method.
        hourly_wage: the median worker's, from accepting to submitting.
        agreement: how far workers agree beyond chance (Krippendorff's alpha).
        memory: the most bytes this process held during any verb on the batch.
        answer_bytes: of the raw answers.
        bytes_per_answer: by how much collecting made the process grow, per answer.
        accounts: where the money is, or went.
        methods: the newest run of every method.
        verbs: what each verb took.
        doubts: the tasks that workers agree on least.
        training: of the model that was asked about.
        label_table: of the newest run, held against the truth.
        worker_table: how the newest run rates the workers.
    """

    name: str
    environment: str
    tasks: int
    published: int
    answers: int
    invalid: int
    submitted: int
    approved: int
    rejected: int
    rewards: Decimal
    fees: Decimal
    bonuses: Decimal
    total: Decimal
    committed: Decimal
    set_aside: Decimal
    budget: Decimal | None
    labels: int
    cost_per_label: Decimal | None
    cost_per_correct_label: Decimal | None
    accuracy: float | None
    hourly_wage: Decimal | None
    memory: int
    answer_bytes: int
    bytes_per_answer: int | None
    accounts: Accounts = attrs.field(metadata=DETAIL)
    pace: Pace = attrs.field(metadata=DETAIL)
    footprint: Footprint = attrs.field(metadata=DETAIL)
    agreement: Agreement | None = attrs.field(metadata=DETAIL)
    confusion: Confusion | None = attrs.field(metadata=DETAIL)
    doubts: tuple[Doubt, ...] = attrs.field(metadata=DETAIL)
    training: Training | None = attrs.field(metadata=DETAIL)
    methods: tuple[MethodReport, ...] = attrs.field(metadata=DETAIL)
    verbs: tuple[VerbReport, ...] = attrs.field(metadata=DETAIL)
    label_table: tuple[HeldLabel, ...] = attrs.field(metadata=TABLE)
    worker_table: tuple[Score, ...] = attrs.field(metadata=TABLE)
