"""Who may do a HIT: its QualificationRequirements."""

from collections.abc import Mapping, Sequence
from typing import Any

from crowdlab.marketplace.call import Call
from crowdlab.marketplace.refusals import Refusal, bad_parameter

__all__ = ["admit"]

MOST = 10


def admit(_call: Call, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The requirements of a HIT type as the service echoes them.

    Raises:
        Refusal: there are too many, or one of them contradicts itself.
    """
    if len(given) > MOST:
        hint = f"A HIT may have at most {MOST}."
        raise bad_parameter("QualificationRequirements", len(given), hint)
    return [_echo(requirement) for requirement in given]


def _echo(requirement: Mapping[str, Any]) -> dict[str, Any]:
    if "ActionsGuarded" in requirement and "RequiredToPreview" in requirement:
        text = (
            "The combination of parameters supplied to the request is invalid: "
            "ActionsGuarded, RequiredToPreview."
        )
        raise Refusal("InvalidParameterCombinationError", text)
    preview = bool(requirement.get("RequiredToPreview", False))
    guarded = requirement.get(
        "ActionsGuarded", "PreviewAndAccept" if preview else "Accept"
    )
    return {
        **requirement,
        "ActionsGuarded": guarded,
        "RequiredToPreview": preview or guarded != "Accept",
    }
