"""What a batch costs: money, time and memory; and what its labels will cost to use."""

from crowdlab.accounting.byte_sizes import parse_bytes, show_bytes
from crowdlab.accounting.compression import Saving, compress
from crowdlab.accounting.fees import MTURK, NO_FEES, FeeSchedule
from crowdlab.accounting.gpus import GPU, list_gpus, read_gpus
from crowdlab.accounting.memory import Measurement, measured
from crowdlab.accounting.offers import ELECTRICITY, Offer, find_offers
from crowdlab.accounting.optimizers import OPTIMIZERS
from crowdlab.accounting.precisions import PRECISIONS
from crowdlab.accounting.presets import find_model, list_models
from crowdlab.accounting.torch_model import measure_model
from crowdlab.accounting.training import (
    MemoryNeed,
    Model,
    inference_memory,
    training_memory,
)
from crowdlab.accounting.wages import hourly_wage

__all__ = [
    "ELECTRICITY",
    "GPU",
    "MTURK",
    "NO_FEES",
    "OPTIMIZERS",
    "PRECISIONS",
    "FeeSchedule",
    "Measurement",
    "MemoryNeed",
    "Model",
    "Offer",
    "Saving",
    "compress",
    "find_model",
    "find_offers",
    "hourly_wage",
    "inference_memory",
    "list_gpus",
    "list_models",
    "measure_model",
    "measured",
    "parse_bytes",
    "read_gpus",
    "show_bytes",
    "training_memory",
]
