"""What a browser's form posts."""

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from crowdlab.errors import WorkRefused

__all__ = ["Fields", "read_fields", "text_of", "typed_twice"]

#: A field's value, or its values where there are several of one name.
Fields = dict[str, str | list[str]]

MOST_FIELDS = 10_000


async def read_fields(request: Request) -> Fields:
    """The fields of the form, and those of the address.

    Of a file only the name is kept; no question of today can ask for one.
    """
    most = {"max_fields": MOST_FIELDS, "max_files": MOST_FIELDS}
    async with request.form(**most) as form:
        pairs = [*request.query_params.multi_items(), *form.multi_items()]
        return _merged(FormData(pairs))


def text_of(fields: Fields, name: str) -> str:
    """The one text of a field; none where it is missing.

    Example:
        >>> text_of({"pet": ["cat", "dog"]}, "pet"), text_of({}, "pet")
        ('cat', '')
    """
    value = fields.get(name, "")
    return value if isinstance(value, str) else value[0]


def typed_twice(fields: Fields, name: str) -> str:
    """A new password, which the form asks for once more as ``again``.

    Raises:
        WorkRefused: the two are not the same.
    """
    password = text_of(fields, name)
    if password != text_of(fields, "again"):
        raise WorkRefused("mistyped", "the two new passwords are not the same")
    return password


def _merged(form: FormData) -> Fields:
    fields: Fields = {}
    for name in form:
        values = [_text(value) for value in form.getlist(name)]
        fields[name] = values[0] if len(values) == 1 else values
    return fields


def _text(value: str | UploadFile) -> str:
    text = value if isinstance(value, str) else value.filename or ""
    # A form may name an encoding that brings half of a character.
    return text.encode("utf-8", "replace").decode()
