"""What a batch costs: fees, wages and memory."""

from crowdlab.accounting.fees import MTURK, NO_FEES, FeeSchedule
from crowdlab.accounting.memory import Measurement, measured
from crowdlab.accounting.wages import hourly_wage

__all__ = [
    "MTURK",
    "NO_FEES",
    "FeeSchedule",
    "Measurement",
    "hourly_wage",
    "measured",
]
