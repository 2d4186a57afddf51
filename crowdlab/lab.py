"""The lab: where a requester's ledger and a marketplace meet."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

import pandas as pd

from crowdlab import workflow
from crowdlab.accounting import (
    MTURK,
    FeeSchedule,
    Measurement,
    Model,
    measured,
    read_fees,
)
from crowdlab.assets import CHOICES, Home, ServerHome, folder_beside, open_home
from crowdlab.errors import BadInput, BadTemplate, NotFound
from crowdlab.export import Labelled, exporters, pseudonyms
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.marketplace import Marketplace, Requester
from crowdlab.marketplace.crowd import Crowd, Job, SimulatedCrowd, work
from crowdlab.model import Answer, Batch, Task
from crowdlab.money import dollars
from crowdlab.mturk import ENDPOINTS, connect, find_server
from crowdlab.templates import Template, load_template
from crowdlab.workflow import Amount, Progress, no_progress

__all__ = ["Lab", "Named"]

LEDGER = "crowdlab.db"
MARKETPLACE = "marketplace.db"
#: Where no crowdlab server shows the pages.
REMOTE = ("sandbox", "production")

ENDPOINTS.add("local", lambda: lambda: Marketplace(MARKETPLACE))
ENDPOINTS.add("memory", lambda: Marketplace)


class Named(Protocol):
    """A batch, or the receipt for one."""

    @property
    def name(self) -> str:
        """The name of the batch."""


class Lab:
    """A requester's ledger, and the marketplace the work goes to.

    Each verb takes a batch or its name and gives a small receipt.

    Args:
        ledger: the file that remembers it all, an SQLAlchemy URL, or ``None`` for
            memory.
        endpoint: ``local`` (the embedded marketplace in ``marketplace.db``),
            ``memory``, ``sandbox``, ``production``, a URL, a boto3 ``mturk`` client,
            or any transport.
        environment: what receipts call a client, URL or transport of your own; has
            to be ``production`` where it reaches the real Mechanical Turk.
        fees: the marketplace's prices: ``mturk``, ``none``, a TOML or JSON file with the
            fields of :class:`~crowdlab.accounting.fees.FeeSchedule`, or one of these; by
            default those of the embedded marketplace, and Mechanical Turk's elsewhere.
        assets: where images of this machine go when they are published: a folder that
            a crowdlab server shows, ``s3://bucket/prefix``, or the URL of a crowdlab
            server. By default they go to the endpoint, if that is a crowdlab server,
            and for an embedded marketplace to the folder ``crowdlab-assets`` beside it.
        assets_url: the address under which browsers find that folder or bucket, where
            it is not its own, such as that of a CDN.

    Raises:
        NotFound: for the name of no endpoint; the message lists the choices.
        StoreError: if a file cannot be used.

    Example:
        >>> with Lab(None, endpoint="memory") as lab:
        ...     rows = [{"text": "It rains.", "hypothesis": "It is wet."}]
        ...     rain = lab.create(
        ...         "rain", template="text-classification", inputs=rows, reward="0.05"
        ...     )
        ...     lab.publish(rain)
        Published(created=1, already=0, environment='memory')
    """

    def __init__(
        self,
        ledger: str | Path | None = LEDGER,
        endpoint: object = "local",
        *,
        environment: str | None = None,
        fees: FeeSchedule | str | Path | None = None,
        assets: object = None,
        assets_url: str | None = None,
    ) -> None:
        if environment is None and isinstance(endpoint, Marketplace | Requester):
            environment = "local"
        self._home = None if assets is None else open_home(assets, url=assets_url)
        prices = read_fees(fees) if isinstance(fees, str | Path) else fees
        self._connection = connect(endpoint, environment=environment)
        self._owns_transport = isinstance(endpoint, str)
        self._fees = prices or _fees_of(self._connection.transport)
        try:
            self._ledger = Ledger(ledger)
        except BaseException:
            self._close_transport()
            raise

    def __repr__(self) -> str:
        return f"Lab({self._ledger.location!r}, environment={self._connection.environment!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the ledger, and the marketplace that this lab opened."""
        self._ledger.close()
        self._close_transport()

    @property
    def environment(self) -> str:
        """Where the work goes, such as ``local``, ``sandbox`` or ``production``."""
        return self._connection.environment

    @property
    def marketplace(self) -> Marketplace:
        """The embedded marketplace, with its workers' side.

        Raises:
            BadInput: if the work goes elsewhere.
        """
        transport = self._connection.transport
        if not isinstance(transport, Marketplace):
            raise BadInput(
                f"this lab works in {self.environment!r}, which is not embedded here; "
                "the endpoints 'local' and 'memory' are"
            )
        return transport

    def batches(self) -> list[Batch]:
        """Every batch in the ledger, oldest first."""
        return self._ledger.batches.all()

    def create(
        self,
        name: str,
        *,
        template: str | Path | Template,
        inputs: object,
        reward: Amount,
        assignments: int = 3,
        budget: Amount | None = None,
        parameters: Mapping[str, Any] | None = None,
        truth: object = None,
        language: str = "en",
        title: str | None = None,
        description: str | None = None,
        keywords: str | None = None,
        duration_seconds: int | None = None,
        lifetime_seconds: int | None = None,
        auto_approval_seconds: int | None = None,
    ) -> workflow.Created:
        """Notes a batch in the ledger, every row and page of it checked.

        Args:
            name: what the batch is called from now on.
            template: the name of a template, or a folder of your own.
            inputs: a path to CSV, TSV, JSON lines, JSON or Parquet, a folder of
                images, a data frame, or mappings: one task each. Where the template
                wants an image, the path of a file will do; one in a file of inputs
                starts beside it, every other in the current folder.
            reward: dollars for one approved assignment, as text: ``"0.05"``.
            assignments: how many workers answer each task.
            budget: dollars that the worst case may cost, fees included.
            parameters: values that are the same for every task.
            truth: known labels: a mapping of task to label, rows with the columns
                ``task`` and ``label``, or a folder with a folder of images for each
                label; for reports only, workers never see it.
            language: of the page.
            title: and what follows: as the template advises, where not given.

        Raises:
            BadInput: naming what is wrong, and where; nothing is created then.
            BudgetExceeded: if the worst case costs more than the budget.
        """
        chosen = template if isinstance(template, Template) else load_template(template)
        images = workflow.Images(chosen.input_schema, self._find_home)
        draft = workflow.draft(
            name,
            chosen,
            reward=reward,
            assignments=assignments,
            budget=budget,
            parameters=images.import_row(parameters or {}, "parameters", Path()),
            language=language,
            environment=self.environment,
            title=title,
            description=description,
            keywords=keywords,
            duration_seconds=duration_seconds,
            lifetime_seconds=lifetime_seconds,
            auto_approval_seconds=auto_approval_seconds,
        )
        before = self._ledger.n_bytes
        with measured("create") as measurement:
            created = workflow.create(
                self._ledger,
                draft,
                chosen,
                rows=workflow.read_inputs(inputs, chosen, draft.parameters, images),
                images=images,
                truths=workflow.read_truth(truth),
                fees=self._fees,
            )
        self._note(self._find(name), measurement, before)
        return created

    def estimate(self, batch: str | Named) -> workflow.Estimate:
        """What a batch will cost when every assignment is answered and approved."""
        record = self._find(batch)
        return workflow.estimate(self._ledger, record, _template(record), self._fees)

    def preview(
        self, batch: str | Named, path: str | Path | None = None
    ) -> workflow.Preview:
        """Writes the page of a batch's first task to a file.

        Args:
            path: the file; by default the batch's name with ``.html``.
        """
        record = self._find(batch)
        name = re.sub(r"[^\w.-]+", "-", record.batch.name)
        return workflow.preview(
            self._ledger, record, _template(record), Path(path or f"{name}.html")
        )

    def publish(
        self,
        batch: str | Named,
        *,
        progress: Progress = no_progress,
        progress_of_images: Progress = no_progress,
    ) -> workflow.Published:
        """Creates a HIT for each task that has none; done twice, it does nothing.

        Args:
            progress: is told how many of the tasks have their HIT, and their number.
            progress_of_images: the same of the images, which go first.

        Raises:
            BadInput: if an image has changed, or cannot be put where workers see it.
            BudgetExceeded: if the worst case costs more than the budget.
            MTurkError: if the marketplace refuses; publish again to go on.
        """
        with self._doing("publish", batch) as record:
            return workflow.publish(
                self._ledger,
                self._connection,
                record,
                _template(record),
                fees=self._fees,
                find_home=self._find_home,
                progress=progress,
                progress_of_images=progress_of_images,
            )

    def status(self, batch: str | Named) -> workflow.Status:
        """Where a batch stands on its marketplace."""
        return workflow.status(self._ledger, self._connection, self._find(batch))

    def simulate(
        self,
        batch: str | Named,
        crowd: Crowd | Mapping[str, int],
        *,
        seed: int = 0,
        progress: Progress = no_progress,
    ) -> workflow.Simulated:
        """Lets a crowd that is no people answer what is open of a batch.

        Args:
            crowd: how many simulated workers of each kind, such as
                ``{"diligent": 6, "spammer": 1}``, or a crowd of your own, such as
                recorded answers. Simulated workers know the truth of the batch where
                it is known.
            seed: the same simulated crowd for the same seed.
            progress: is told how many answers were given, and how many were open.

        Raises:
            BadInput: if the work does not go to an embedded marketplace, or a label
                has to be made up, such as a text, and no true one is known.
            NotFound: for an unknown kind of worker; the message lists the choices.
        """
        record, market = self._find(batch), self.marketplace
        if isinstance(crowd, Mapping):
            truth = workflow.truth_of(self._ledger, record, _template(record))
            crowd = SimulatedCrowd(crowd, truth=truth, seed=seed)
        n_open = self.status(batch).available
        n_answers = 0
        for n_more in work(market, self._jobs(record), crowd):
            n_answers += n_more
            progress(n_answers, n_open)
        return workflow.Simulated(answers=n_answers, environment=self.environment)

    def collect(
        self, batch: str | Named, *, progress: Progress = no_progress
    ) -> workflow.Collected:
        """Brings what workers answered into the ledger.

        Args:
            progress: is told how many answers are here, and how many there will be.
        """
        with self._doing("collect", batch) as record:
            return workflow.collect(
                self._ledger,
                self._connection,
                record,
                _template(record),
                now=self._now(),
                progress=progress,
            )

    def answers(self, batch: str | Named) -> pd.DataFrame:
        """What workers said, a row for each answer that was collected.

        The column ``label`` has the label of the task where an answer is one vote, but
        for those that only check workers.
        """
        record = self._find(batch)
        template = _template(record)
        return pd.DataFrame(
            [
                _answer_row(template, task, answer)
                for task, answer in self._ledger.answers.each(record.key)
            ],
            columns=ANSWER_COLUMNS,
        )

    def labels(
        self,
        batch: str | Named,
        method: str = "auto",
        *,
        kind: str | None = None,
        **options: Any,
    ) -> workflow.Labelled:
        """Aggregates the votes of all readable answers that were not rejected.

        Labels are of the kind that the tasks ask for: classes, or values such as boxes
        or texts. Known labels that were planted in the tasks, their gold, are told to
        the methods for classes.

        Args:
            method: such as ``majority-vote`` or ``dawid-skene``; ``auto`` chooses by
                the votes, or the kind.
            kind: of which kind, where the tasks are of several; or how to take them,
                such as texts as ``classes``.
            options: the method's own arguments, such as ``max_iterations``.

        Returns:
            a receipt that has the labels as ``table``.

        Raises:
            NotFound: for a kind or method that does not exist; the message lists the
                choices.
            BadInput: where tasks are of several kinds, and none of these is asked for.
        """
        with self._doing("labels", batch) as record:
            return workflow.label(
                self._ledger, record, _template(record), method, kind=kind, **options
            )

    def workers(
        self, batch: str | Named, *, required: float = 0.7, confidence: float = 0.95
    ) -> workflow.Rated:
        """Holds each worker against what is known and against what others say.

        The quality is the kind's default method's word. Gold is what was planted in
        the tasks, the standing what the interval of the share that is right leaves:
        ``above`` or ``below`` what is required, or ``open``. The concern is where to
        look, with the reasons in words, and never a verdict.

        Args:
            required: the share of the gold that workers should get right.
            confidence: of the interval.

        Raises:
            BadInput: where one of them is not between 0 and 1.
        """
        record = self._find(batch)
        return workflow.rate(
            self._ledger,
            record,
            _template(record),
            required=required,
            confidence=confidence,
        )

    def review(
        self,
        batch: str | Named,
        *,
        reject: object = None,
        feedback: str | None = None,
        progress: Progress = no_progress,
    ) -> workflow.Reviewed:
        """Approves every submitted answer, or rejects the listed ones alone.

        Args:
            reject: assignment ids, a mapping of them to feedback, or rows (also a
                CSV file) with the columns ``assignment_id`` and ``feedback``.
            feedback: what workers are told who are not told their own.

        Raises:
            BadRow: for a listed answer that is not there or approved already, and for
                one without feedback; nothing is rejected then.
        """
        with self._doing("review", batch) as record:
            if reject is None:
                return workflow.approve_all(
                    self._ledger,
                    self._connection,
                    record,
                    feedback=feedback,
                    now=self._now(),
                    progress=progress,
                )
            return workflow.reject(
                self._ledger,
                self._connection,
                record,
                workflow.read_rejections(reject, feedback),
                now=self._now(),
                progress=progress,
            )

    def expire(
        self, batch: str | Named, *, progress: Progress = no_progress
    ) -> workflow.Expired:
        """Takes the HITs of a batch off the market; what was taken may be finished."""
        with self._doing("expire", batch) as record:
            return workflow.expire(
                self._ledger,
                self._connection,
                record,
                now=self._now(),
                progress=progress,
            )

    def wages(
        self,
        batch: str | Named,
        target: Amount | None = None,
        *,
        clock: str = "elapsed",
    ) -> workflow.Earned:
        """What workers earn on a batch by the hour, and how they come to a target.

        Args:
            target: dollars an hour; asks for the reward that pays them at the median
                time, and for the bonuses that bring every worker to them.
            clock: ``elapsed``, the time from accepting to submitting, or ``active``, that
                for which the page was seen and touched.

        Returns:
            a receipt that has the bonuses as ``table``, for :meth:`bonus`.

        Raises:
            NotFound: for an unknown clock; the message lists the choices.
        """
        return workflow.earn(
            self._ledger,
            self._find(batch),
            target=None if target is None else dollars(target, name="target"),
            clock=clock,
            fees=self._fees,
        )

    def bonus(
        self,
        batch: str | Named,
        bonuses: object,
        *,
        reason: str | None = None,
        progress: Progress = no_progress,
    ) -> workflow.BonusesPaid:
        """Pays bonuses, each once; done again after whatever happened, it goes on.

        The same amount for the same answer and reason is one bonus, however often it is
        asked for.

        Args:
            bonuses: a mapping of assignment ids to dollars, or rows (also a CSV file)
                with the columns ``assignment_id``, ``amount`` and ``reason``.
            reason: what workers are told who are not told their own.
            progress: is told how many are paid, and how many there are.

        Raises:
            BadRow: for an answer that is not there, and for a bonus that is none, has no
                reason, or is listed twice; nothing is paid then.
            BudgetExceeded: if the batch could cost more than its budget.
            MTurkError: if the marketplace refuses; pay again to go on.
        """
        with self._doing("bonus", batch) as record:
            return workflow.pay_bonuses(
                self._ledger,
                self._connection,
                record,
                workflow.read_bonuses(bonuses, reason),
                fees=self._fees,
                now=self._now(),
                progress=progress,
            )

    def books(self, batch: str | Named) -> workflow.Booked:
        """The books of a batch in double entry, from the ledger alone.

        Returns:
            a receipt that has the entries as ``table``, and what was paid ``by`` task,
            worker or label.
        """
        record = self._find(batch)
        return workflow.book(self._ledger, record, _template(record))

    def audit(
        self, batch: str | Named, *, progress: Progress = no_progress
    ) -> workflow.Audited:
        """Holds the ledger against its marketplace, and names every difference.

        Compares the answers of a batch, its bonuses, and by how much the balance moved
        since the audit before; collect first, so that the ledger knows what is there.
        """
        with self._doing("audit", batch) as record:
            return workflow.audit(
                self._ledger,
                self._connection,
                record,
                now=self._now(),
                progress=progress,
            )

    def report(
        self, batch: str | Named, *, training: Model | None = None
    ) -> workflow.Report:
        """The account of a batch: money, labels, time and memory, from the ledger.

        Args:
            training: the model that the labels are for: what it takes to train it
                stands on the same page.
        """
        record = self._find(batch)
        try:
            template = _template(record)
        except (BadTemplate, NotFound):
            # One's own folder may be gone by now; the money is accounted for still.
            template = None
        return workflow.report(self._ledger, record, template, training)

    def export(
        self,
        batch: str | Named,
        style: str,
        path: str | Path,
        *,
        of: Literal["labels", "votes"] = "labels",
        worker: str | None = None,
        names_workers: bool = False,
        method: str = "auto",
        **options: Any,
    ) -> workflow.Exported:
        """Writes labels as other tools have them.

        Args:
            style: ``csv``, ``parquet``, ``coco``, ``labelme``, ``label-studio``,
                ``crowd-elements``, or the name of a plug-in.
            path: the file, or the folder where the style is one of many files.
            of: the labels that a method makes of the votes, or the votes themselves.
            worker: the votes of this worker alone, told by id or pseudonym.
            names_workers: whether votes carry worker ids; else they carry pseudonyms,
                the same as long as the ledger is.
            method: how labels are made of votes; its own arguments are the ``options``.

        Raises:
            NotFound: for a style or method that does not exist, or a worker without
                votes; the message lists the choices.
            BadInput: for labels that the style cannot hold, or a path that cannot be
                written.
        """
        found, target = exporters.find(style), Path(path)
        record = self._find(batch)
        if of == "votes" or worker is not None:
            table = self._votes(record, worker, names_workers=names_workers)
        else:
            table = self.labels(batch, method, **options).table
        tasks = self._ledger.tasks.named(record.key, list(dict.fromkeys(table["task"])))
        try:
            found.write(Labelled(list(tasks.values()), table), target)
        except OSError as error:
            reason = error.strerror or error
            raise BadInput(f"{target}: cannot be written: {reason}") from None
        return workflow.Exported(
            format=style,
            n_labels=len(table),
            path=target,
            environment=self.environment,
        )

    def _votes(
        self, record: BatchRecord, worker: str | None, *, names_workers: bool
    ) -> pd.DataFrame:
        votes = [
            (vote.task, vote.worker, vote.label)
            for vote in workflow.cast_votes(self._ledger, record, _template(record))
        ]
        table = pd.DataFrame(votes, columns=["task", "worker", "label"])
        names = pseudonyms(table["worker"], self._ledger.assets.secret())
        if worker is not None:
            is_theirs = (table["worker"] == worker) | (pd.Series(names) == worker)
            if not is_theirs.any():
                raise NotFound("worker with votes", worker, sorted(set(names)))
            return table.loc[is_theirs, ["task", "label"]].reset_index(drop=True)
        return table if names_workers else table.assign(worker=names)

    def _jobs(self, record: BatchRecord) -> Iterator[Job]:
        template, market = _template(record), self.marketplace
        for task, hit_id in self._ledger.hits.each(record.key):
            hit = market.call("GetHIT", {"HITId": hit_id})["HIT"]
            if hit["HITStatus"] == "Assignable":
                n_open = hit["NumberOfAssignmentsAvailable"]
                fill = partial(template.answer, task)
                yield Job(hit_id, n_open, template.things(task), fill)

    def _find(self, batch: str | Named) -> BatchRecord:
        name = batch if isinstance(batch, str) else batch.name
        return self._ledger.batches.find(name)

    @contextmanager
    def _doing(self, verb: str, batch: str | Named) -> Iterator[BatchRecord]:
        """The batch; what is done to it is measured, and that noted."""
        record, before = self._find(batch), self._ledger.n_bytes
        with measured(verb) as measurement:
            yield record
        self._note(record, measurement, before)

    def _note(self, record: BatchRecord, taken: Measurement, before: int) -> None:
        """Notes what a verb took, and by how much it made the ledger grow."""
        grown = self._ledger.n_bytes - before
        self._ledger.volumes.add(record.key, workflow.STORED, grown)
        self._ledger.measurements.add(record.key, taken)

    def _find_home(self) -> Home:
        """Where images go.

        Raises:
            BadInput: nobody said, or workers would not see them there.
        """
        home = self._home or _home_of(self._connection.transport)
        if home is None or (home.is_near and self.environment in REMOTE):
            where = "no place" if home is None else repr(home)
            raise BadInput(
                f"assets: workers of {self.environment!r} would not see images of this "
                f"machine in {where}; say where images go: {CHOICES}"
            )
        self._home = home
        return home

    def _now(self) -> float:
        transport = self._connection.transport
        return transport.clock() if isinstance(transport, Marketplace) else time.time()

    def _close_transport(self) -> None:
        transport = self._connection.transport
        if self._owns_transport and isinstance(transport, Marketplace):
            transport.close()


ANSWER_COLUMNS = [
    "task",
    "worker",
    "label",
    "answer",
    "status",
    "accept_time",
    "submit_time",
    "assignment_id",
    "problem",
]


def _home_of(transport: object) -> Home | None:
    """Where the images of a marketplace are kept that is a crowdlab of some kind."""
    if isinstance(transport, Marketplace | Requester):
        return folder_beside(transport.location)
    address = find_server(transport)
    return None if address is None else ServerHome(address)


def _fees_of(transport: object) -> FeeSchedule:
    """The prices of an embedded marketplace; elsewhere those of Mechanical Turk."""
    if isinstance(transport, Marketplace | Requester):
        return transport.fees
    return MTURK


def _template(record: BatchRecord) -> Template:
    return load_template(record.batch.template_path or record.batch.template)


def _answer_row(template: Template, task: Task, answer: Answer) -> tuple[object, ...]:
    checks = template.checks(task)
    said = [] if answer.answer is None else template.votes(task, answer.answer)
    labels = [label for thing, label in said if thing not in checks]
    return (
        answer.task,
        answer.worker,
        labels[0] if len(labels) == 1 else None,
        answer.answer,
        answer.status,
        answer.accept_time,
        answer.submit_time,
        answer.assignment_id,
        answer.problem,
    )
