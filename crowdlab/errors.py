"""The errors of crowdlab: a class exists where a caller would act differently.

::

    CrowdlabError
    ├── BadInput              what was handed in is wrong; nothing was done
    │   ├── BadMoney          an amount that is no exact number of dollars and cents
    │   ├── BadRow            a row of the inputs: names file, row and field
    │   ├── BadTemplate       a template folder that cannot be used
    │   ├── BadQuestion       a question or page that does not parse, or is too large
    │   ├── BadAnswer         an answer that does not parse or fails its schema
    │   └── BadVotes          columns that cannot be aggregated
    ├── NotFound              no such batch, template, method ...: lists the choices
    ├── AlreadyExists         the name is taken
    ├── BudgetExceeded        the worst case costs more than was allowed
    ├── StoreError            the database behind a ledger or marketplace
    │   ├── StoreLocked       another program holds it
    │   └── ForeignStore      the file is not ours, or of a newer version
    ├── MTurkError            a marketplace refused a request
    ├── WorkRefused           a marketplace refused what a worker asked
    ├── NotFitted             results were asked for before ``fit``
    └── MissingExtra          an optional package is not installed
"""

from collections.abc import Iterable

__all__ = [
    "AlreadyExists",
    "BadAnswer",
    "BadInput",
    "BadMoney",
    "BadQuestion",
    "BadRow",
    "BadTemplate",
    "BadVotes",
    "BudgetExceeded",
    "CrowdlabError",
    "ForeignStore",
    "MTurkError",
    "MissingExtra",
    "NotFitted",
    "NotFound",
    "StoreError",
    "StoreLocked",
    "WorkRefused",
]


class CrowdlabError(Exception):
    """Anything that crowdlab refuses, with a message a person can act on."""


class BadInput(CrowdlabError, ValueError):
    """What was handed in is wrong; nothing was done."""


class BadMoney(BadInput):
    """An amount that is no exact number of dollars and cents."""


class BadRow(BadInput):
    """A row of the inputs that its template refuses.

    Attributes:
        origin: where the row stands, such as ``pets.csv, row 3``.
        field: the column or key, or ``""`` where the row as a whole is wrong.
        reason: what is wrong with it.

    Example:
        >>> print(BadRow("pets.csv, row 3", "image", "'' is too short"))
        pets.csv, row 3, field 'image': '' is too short
    """

    def __init__(self, origin: str, field: str, reason: str) -> None:
        self.origin, self.field, self.reason = origin, field, reason
        where = f"{origin}, field {field!r}" if field else origin
        super().__init__(f"{where}: {reason}")


class BadTemplate(BadInput):
    """A template folder that cannot be used."""


class BadQuestion(BadInput):
    """A question or page that does not parse, or is too large.

    Attributes:
        details: the parser's own words, for the marketplace's message.
        html: whether the HTML inside is at fault, rather than the XML around it.
    """

    def __init__(self, message: str, *, details: str = "", html: bool = False) -> None:
        self.details, self.html = details or message, html
        super().__init__(message)


class BadAnswer(BadInput):
    """An answer that does not parse or fails its schema."""


class BadVotes(BadInput):
    """Columns that cannot be aggregated."""


class NotFound(CrowdlabError, LookupError):
    """No such thing; the message lists the choices.

    Example:
        >>> print(NotFound("template", "pet", ["image-selection", "text-classification"]))
        there is no template 'pet'; choose from: image-selection, text-classification
    """

    def __init__(self, kind: str, name: object, choices: Iterable[str] = ()) -> None:
        self.kind, self.name, self.choices = kind, name, tuple(choices)
        known = ", ".join(self.choices)
        hint = f"choose from: {known}" if known else "there is none yet"
        super().__init__(f"there is no {kind} {name!r}; {hint}")


class AlreadyExists(CrowdlabError):
    """The name is taken."""


class BudgetExceeded(CrowdlabError):
    """The worst case costs more than was allowed; nothing was spent."""


class StoreError(CrowdlabError):
    """The database behind a ledger or a marketplace cannot be used."""


class StoreLocked(StoreError):
    """Another program holds the database for longer than we wait."""


class ForeignStore(StoreError):
    """The file is no database of ours, or of a newer version than this program."""


class MTurkError(CrowdlabError):
    """A marketplace refused a request.

    The fields are those of the wire; see the error pages of the `MTurk API
    <https://docs.aws.amazon.com/AWSMechTurk/latest/AWSMturkAPI/>`_.

    Attributes:
        code: the error's type on the wire, such as ``RequestError``.
        turk_code: the ``TurkErrorCode``, such as
            ``AWS.MechanicalTurk.HITDoesNotExist``, or ``None``.
        message: the text, with the time stamp that the service appends.
        status: the HTTP status.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        turk_code: str | None = None,
        status: int = 400,
    ) -> None:
        self.code, self.message = code, message
        self.turk_code, self.status = turk_code, status
        super().__init__(f"{code}: {message}")


class WorkRefused(CrowdlabError):
    """A marketplace refused what a worker asked.

    Attributes:
        reason: a word for programs, such as ``not-available`` or ``expired``.
    """

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class NotFitted(CrowdlabError, AttributeError):
    """Results were asked for before ``fit``."""


class MissingExtra(CrowdlabError, ImportError):
    """An optional package is not installed.

    Example:
        >>> print(MissingExtra("the HTML report's plots", "plots"))
        the HTML report's plots need an extra: pip install 'crowdlab[plots]'
    """

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{what} need an extra: pip install 'crowdlab[{extra}]'")
