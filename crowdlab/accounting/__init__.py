"""What a batch costs: money, time and memory; and what its labels will cost to use."""

from crowdlab.accounting.accounts import Accounts
from crowdlab.accounting.books import ACCOUNTS, Books, Entry, Subject
from crowdlab.accounting.byte_sizes import parse_bytes, show_bytes
from crowdlab.accounting.compression import Saving, compress
from crowdlab.accounting.fees import MTURK, NO_FEES, FeeSchedule, read_fees
from crowdlab.accounting.gpus import GPU, list_gpus, read_gpus
from crowdlab.accounting.memory import Measurement, measured, resident_bytes
from crowdlab.accounting.offers import ELECTRICITY, Offer, find_offers
from crowdlab.accounting.optimizers import OPTIMIZERS
from crowdlab.accounting.postings import Price
from crowdlab.accounting.precisions import PRECISIONS
from crowdlab.accounting.presets import find_model, list_models
from crowdlab.accounting.torch_model import measure_model
from crowdlab.accounting.training import (
    MemoryNeed,
    Model,
    inference_memory,
    training_memory,
)
from crowdlab.accounting.wages import (
    Piece,
    TopUp,
    Wages,
    fair_reward,
    hourly_wage,
    top_ups,
)

__all__ = [
    "ACCOUNTS",
    "ELECTRICITY",
    "GPU",
    "MTURK",
    "NO_FEES",
    "OPTIMIZERS",
    "PRECISIONS",
    "Accounts",
    "Books",
    "Entry",
    "FeeSchedule",
    "Measurement",
    "MemoryNeed",
    "Model",
    "Offer",
    "Piece",
    "Price",
    "Saving",
    "Subject",
    "TopUp",
    "Wages",
    "compress",
    "fair_reward",
    "find_model",
    "find_offers",
    "hourly_wage",
    "inference_memory",
    "list_gpus",
    "list_models",
    "measure_model",
    "measured",
    "parse_bytes",
    "read_fees",
    "read_gpus",
    "resident_bytes",
    "show_bytes",
    "top_ups",
    "training_memory",
]
