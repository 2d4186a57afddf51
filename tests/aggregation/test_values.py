"""What was planted in simulated answers is found again."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crowdlab.aggregation import (
    BestOf,
    Boxes,
    CrowdBT,
    Medoid,
    Polygons,
    Rasch,
    Rover,
    StudentT,
    TwoCoin,
)
from crowdlab.aggregation.boxes import overlaps
from crowdlab.aggregation.rasch import wilson
from crowdlab.aggregation.words import likeness, spelled, word_error_rate

TEXTS = Path(__file__).parent / "data" / "texts"


def _by_worker(workers: pd.DataFrame, column: str) -> Any:
    return workers.set_index("worker")[column].sort_index().to_numpy(np.float64)


def test_rates_of_false_positives_and_negatives_are_found() -> None:
    """Workers' two coins are told apart, and confidence is how often it is right."""
    rng = np.random.default_rng(0)
    positive, negative = rng.uniform(0.02, 0.3, 10), rng.uniform(0.02, 0.4, 10)
    rows, truth = [], {}
    for grid in range(80):
        share = rng.beta(1, 1)
        for tile in range(9):
            is_in = truth[f"s{grid}", str(tile)] = bool(rng.random() < share)
            for w in rng.choice(10, 5, replace=False):
                wrong = rng.random() < (negative[w] if is_in else positive[w])
                rows.append((f"s{grid}/{tile}", w, "yes" if is_in != wrong else "no"))

    found = TwoCoin().fit(rows)

    parts = found.parts_
    right = [
        truth[task, tile] == label
        for task, tile, label in parts[["task", "tile", "label"]].to_numpy()
    ]
    assert np.mean(right) > 0.96
    assert abs(np.mean(right) - parts["confidence"].mean()) < 0.02
    whole = [
        set(label) == {t for (s, t), is_in in truth.items() if s == task and is_in}
        for task, label in found.labels_[["task", "label"]].to_numpy()
    ]
    assert abs(np.mean(whole) - found.labels_["confidence"].mean()) < 0.1
    workers = found.workers_
    assert np.abs(_by_worker(workers, "false_positive") - positive).max() < 0.1
    assert np.abs(_by_worker(workers, "false_negative") - negative).max() < 0.1


def test_the_best_candidate_is_chosen() -> None:
    """One who passes everything does not make a candidate good."""
    rows = [(f"t{n}/a", w, "no") for n in range(8) for w in "123"]
    rows += [(f"t{n}/b", w, "yes") for n in range(8) for w in "123"]
    rows += [(f"t{n}/{c}", "all", "yes") for n in range(8) for c in "ab"]

    found = BestOf().fit(rows)

    assert {"b"} == set(found.labels_["label"])
    assert _by_worker(found.workers_, "false_positive")[-1] > 0.8


def test_boxes_are_found_with_who_misses_and_who_draws_badly() -> None:
    """Objects, misses and localization are recovered; the shape beats single ones."""
    rng = np.random.default_rng(1)
    miss, noise = np.linspace(0.02, 0.4, 6), np.array([1, 5, 1, 5, 1, 5])
    rows, truth = [], []
    for image in range(60):
        boxes = [(300 * n + rng.uniform(0, 50), 20.0, 80.0, 80.0) for n in range(3)]
        truth += [(image, box) for box in boxes]
        for w in rng.choice(6, 4, replace=False):
            drawn = [
                {"cls": "cat", "bbox": (np.array(box) + rng.normal(0, noise[w], 4))}
                for box in boxes
                if rng.random() > miss[w]
            ]
            if w == 5 and rng.random() < 0.8:
                drawn.append({"cls": "cat", "bbox": np.array([5.0, 500, 30, 30])})
            rows.append((image, int(w), drawn))

    found = Boxes().fit(rows)

    parts = found.parts_[found.parts_["present"]]
    assert abs(len(parts) - len(truth)) <= 4
    best = []
    for image, (left, top, width, height) in truth:
        seen = np.array([r["bbox"] for r in parts["label"][parts["task"] == image]])
        corners = np.stack([seen[:, :2], seen[:, :2] + seen[:, 2:]], axis=1)
        true = np.array([[[left, top], [left + width, top + height]]])
        best.append(overlaps(true, corners).max())
    assert np.mean(np.array(best) > 0.8) > 0.97
    workers = found.workers_
    assert np.abs(_by_worker(workers, "misses") - miss).max() < 0.12
    drawn_well = _by_worker(workers, "localization")
    assert drawn_well[[0, 2, 4]].min() > drawn_well[[1, 3, 5]].max()
    assert _by_worker(workers, "ghosts")[5] == pytest.approx(0.8, abs=0.2)


def test_marks_of_one_answer_are_different_things() -> None:
    """Two overlapping boxes of one worker stay two, and classes are voted on."""
    two = [
        {"cls": "cat", "bbox": [0, 0, 10, 10]},
        {"cls": "dog", "bbox": [2, 0, 10, 10]},
    ]

    found = Boxes().fit([("a", w, two) for w in "123"])

    assert ["cat", "dog"] == sorted(r["cls"] for r in found.labels_["label"][0])


def test_an_empty_answer_says_that_nothing_is_there() -> None:
    """Where all mark nothing the label is an empty list, and one mark is a ghost."""
    mark = [{"bbox": [0, 0, 10, 10]}]
    rows: list[Any] = [("a", w, []) for w in "1234"] + [("a", "5", mark)]

    assert [[]] == Boxes().fit(rows).labels_["label"].tolist()
    assert [[]] == Boxes().fit(rows[:4]).labels_["label"].tolist()


def test_a_polygon_is_what_most_cover() -> None:
    """Of three nested squares it is the middle one."""
    rows = [
        ("a", side, [{"points": [[0, 0], [side, 0], [side, side], [0, side]]}])
        for side in (9, 10, 11)
    ]

    (region,) = Polygons().fit(rows).labels_["label"][0]

    assert {(0, 0), (10, 0), (10, 10), (0, 10)} == set(map(tuple, region["points"]))


def test_bias_and_precision_are_found() -> None:
    """Numbers come out nearer than medians, and intervals hold most truths."""
    rng = np.random.default_rng(0)
    truth, bias = rng.normal(50, 20, 80), np.array([15, 1, -1, -2, 0, -2, 0, 1, 2, 0])
    noise = np.linspace(0.5, 4, 10)
    rows = []
    for task in range(80):
        for w in rng.choice(10, 5, replace=False):
            blunder = rng.normal(0, 100) if rng.random() < 0.03 else 0
            said = truth[task] + bias[w] + rng.normal(0, noise[w]) + blunder
            rows.append((task, int(w), said))

    found = StudentT().fit(rows)

    labels = found.labels_
    frame = pd.DataFrame(rows, columns=["task", "worker", "label"])
    median = frame.groupby("task")["label"].median().to_numpy()
    off = np.sqrt(np.mean(np.square(labels["label"] - truth)))
    assert off < np.sqrt(np.mean(np.square(median - truth))) * 0.6
    assert np.mean((labels["low"] <= truth) & (truth <= labels["high"])) > 0.88
    assert np.abs(_by_worker(found.workers_, "bias") - bias).max() < 2
    deviation = _by_worker(found.workers_, "deviation")
    assert np.corrcoef(deviation, noise)[0, 1] > 0.85


def test_a_contrary_ranker_is_found() -> None:
    """The scale is recovered, with ties, from workers one of whom says the contrary."""
    rng = np.random.default_rng(1)
    scale, able = np.linspace(2.5, -2.5, 8), np.array([0.95, 0.9, 0.95, 0.1, 0.5])
    rows: list[Any] = []
    for _ in range(700):
        (i, j), w = np.sort(rng.choice(8, 2, replace=False)), int(rng.integers(5))
        chance = np.exp(np.array([1, -1]) * (scale[i] - scale[j]) / 2)
        dice = rng.random() * (chance.sum() + 0.5)
        if dice < 0.5:
            rows.append(("q", w, [[int(i), int(j)]]))
            continue
        pair = [int(i), int(j)] if dice < 0.5 + chance[0] else [int(j), int(i)]
        rows.append(("q", w, pair if rng.random() < able[w] else pair[::-1]))

    found = CrowdBT().fit(rows)

    score = found.parts_.sort_values("item")["score"].to_numpy()
    assert np.corrcoef(score, scale)[0, 1] > 0.97
    assert np.abs(_by_worker(found.workers_, "quality") - able).max() < 0.15
    assert found.diagnostics_["tie"] == pytest.approx(0.5, abs=0.3)


def test_translations_are_chosen_better_than_by_chance() -> None:
    """On a published crowd both methods are nearer to the truth than its workers."""
    answers = pd.read_csv(TEXTS / "answers.csv", dtype=str)
    truth = pd.read_csv(TEXTS / "truth.csv", dtype=str).set_index("task")["label"]
    true = answers["task"].map(truth)
    each = np.mean(list(map(word_error_rate, answers["label"], true)))

    for method in (Medoid(), Rover()):
        label = method.fit(answers).labels_.set_index("task")["label"][truth.index]
        assert np.mean(list(map(word_error_rate, label, truth))) < each - 0.1
    common = [
        likeness(spelled(text), spelled(known))
        for text, known in zip(
            Medoid().fit(answers).labels_.set_index("task")["label"][truth.index],
            truth,
            strict=True,
        )
    ]
    assert np.mean(common) > 0.42


def test_rover_mends_what_nobody_wrote_right() -> None:
    """Three texts with a slip each become the one without."""
    said = ["the cat sat down here", "The cat sat in here", "The bat sat down here"]

    found = Rover().fit([("a", w, text) for w, text in enumerate(said)])

    assert ["The cat sat down here"] == found.labels_["label"].tolist()


def test_a_lost_follower_does_not_spoil_a_description() -> None:
    """Skill is told from difficulty: the same share of successes may mean two things."""
    rows = [(f"d{n}", w, True) for n in range(12) for w in ("a", "b")]
    rows += [(f"d{n}", "lost", False) for n in range(12)]
    rows += [("hard", "a", False), ("hard", "b", True)]
    rows += [("mild", "a", True), ("mild", "lost", False)]

    found = Rasch().fit(rows)

    chance = found.labels_.set_index("task")["probability"]
    assert chance["mild"] > chance["hard"]
    assert _by_worker(found.workers_, "skill").argmin() == 2


def test_wilson_is_as_published() -> None:
    """The interval is that of Wilson's formula, and within 0 and 1."""
    low, high = wilson(np.array([0.0, 8, 10]), np.array([10.0, 10, 10]))

    np.testing.assert_allclose([0, 0.4902, 0.7225], low, atol=1e-4)
    np.testing.assert_allclose([0.2775, 0.9433, 1], high, atol=1e-4)


def test_marks_that_overlap_too_little_are_different_things() -> None:
    """Two boxes that share a third are two, unless less is asked for."""
    rows = [("a", w, [{"bbox": [5 * w, 0, 10, 10]}]) for w in range(2)]

    assert [1, 1] == Boxes().fit(rows).parts_["n_votes"].tolist()
    assert [2] == Boxes(overlap=0.3).fit(rows).parts_["n_votes"].tolist()
