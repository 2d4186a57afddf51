"""Ask a crowd, pay it, and say how far to trust each answer."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crowdlab.aggregation import aggregate
    from crowdlab.lab import Lab
    from crowdlab.marketplace import Marketplace
    from crowdlab.marketplace.crowd import ReplayedCrowd, SimulatedCrowd
    from crowdlab.templates import list_templates, load_template

__all__ = [
    "Lab",
    "Marketplace",
    "ReplayedCrowd",
    "SimulatedCrowd",
    "aggregate",
    "list_templates",
    "load_template",
]

__version__ = "0.1.0"

# Loaded when first asked for: one who aggregates votes need not wait for a database.
_ROOMS = {
    "Lab": "crowdlab.lab",
    "Marketplace": "crowdlab.marketplace",
    "ReplayedCrowd": "crowdlab.marketplace.crowd",
    "SimulatedCrowd": "crowdlab.marketplace.crowd",
    "aggregate": "crowdlab.aggregation",
    "list_templates": "crowdlab.templates",
    "load_template": "crowdlab.templates",
}


# Rooms that people reach through the package, without a second import.
_OPEN_ROOMS = {"accounting", "aggregation", "errors", "marketplace", "moto", "quality"}


def __getattr__(name: str) -> Any:
    if name in _OPEN_ROOMS:
        return import_module(f"crowdlab.{name}")
    if name not in _ROOMS:
        raise AttributeError(f"module 'crowdlab' has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
