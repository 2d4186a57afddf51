"""MTurk in a box: operations, life cycles, payments, workers, clock and store."""

from crowdlab.marketplace.clock import Clock, ManualClock
from crowdlab.marketplace.faults import Fault, Faults, load_faults
from crowdlab.marketplace.frames import Frame
from crowdlab.marketplace.market import Marketplace
from crowdlab.marketplace.requester import Requester

__all__ = [
    "Clock",
    "Fault",
    "Faults",
    "Frame",
    "ManualClock",
    "Marketplace",
    "Requester",
    "load_faults",
]
