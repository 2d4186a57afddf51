"""How far to trust a crowd, and whom in it: agreement, gold, and signs of no care."""

from crowdlab.quality.alpha import Alpha, Level, krippendorff_alpha
from crowdlab.quality.concerns import rank_by_concern
from crowdlab.quality.gold import gold_tasks_needed, score_on_gold
from crowdlab.quality.intervals import wilson
from crowdlab.quality.kappa import (
    Weights,
    cohen_kappa,
    fleiss_kappa,
    observed_agreement,
)
from crowdlab.quality.region_gold import score_regions_on_gold
from crowdlab.quality.reliability import Agreement, agreement
from crowdlab.quality.repetition import find_repeats
from crowdlab.quality.simulation import (
    SimulatedAnswers,
    score_signs,
    simulate_answers,
)
from crowdlab.quality.spamming import spammer_score, spammer_scores

__all__ = [
    "Agreement",
    "Alpha",
    "Level",
    "SimulatedAnswers",
    "Weights",
    "agreement",
    "cohen_kappa",
    "find_repeats",
    "fleiss_kappa",
    "gold_tasks_needed",
    "krippendorff_alpha",
    "observed_agreement",
    "rank_by_concern",
    "score_on_gold",
    "score_regions_on_gold",
    "score_signs",
    "simulate_answers",
    "spammer_score",
    "spammer_scores",
    "wilson",
]
