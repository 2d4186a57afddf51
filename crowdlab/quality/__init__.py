"""How far to trust a crowd, and whom in it: agreement, gold, and signs of no care."""

from crowdlab.quality.alpha import Alpha, Level, krippendorff_alpha
from crowdlab.quality.kappa import (
    Weights,
    cohen_kappa,
    fleiss_kappa,
    observed_agreement,
)
from crowdlab.quality.reliability import Agreement, agreement

__all__ = [
    "Agreement",
    "Alpha",
    "Level",
    "Weights",
    "agreement",
    "cohen_kappa",
    "fleiss_kappa",
    "krippendorff_alpha",
    "observed_agreement",
]
