"""The memory that a model takes, to train it and to use it."""

import math
import sys
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.accounting import (
    OPTIMIZERS,
    PRECISIONS,
    Model,
    compress,
    find_model,
    inference_memory,
    list_models,
    measure_model,
    training_memory,
)
from crowdlab.errors import BadInput, MissingExtra, NotFound

LECTURE: dict[str, Any] = {
    "parameters": 100e6,
    "activations": 10e6,
    "batch_size": 128,
    "input_bytes": 1e6,
}

models = st.builds(
    Model,
    parameters=st.integers(0, 10**9),
    activations=st.integers(0, 10**8),
    input_bytes=st.integers(1, 10**7),
    batch_size=st.integers(1, 4096),
    precision=st.sampled_from(
        [name for name in PRECISIONS.names() if PRECISIONS.find(name).trains]
    ),
    optimizer=st.sampled_from(OPTIMIZERS.names()),
    accumulation=st.integers(1, 8),
    shards=st.integers(1, 8),
    zero=st.integers(0, 3),
)


def test_the_lecture() -> None:
    """The lecture's example takes 11.568 GB to train, part by part."""
    need = training_memory(**LECTURE)

    assert need.to_json() == {
        "parameters": 400_000_000,
        "optimizer": 800_000_000,
        "activations": 10_240_000_000,
        "input": 128_000_000,
        "workspace": 0,
        "total": 11_568_000_000,
    }


def test_the_lecture_at_test_time() -> None:
    """Its formula gives 401 MB; the 101 MB that it prints are those of one byte each."""
    of_formula = inference_memory(parameters=100e6, input_bytes=1e6)
    of_bytes = inference_memory(parameters=100e6, input_bytes=1e6, precision="int8")

    assert (of_formula.total, of_bytes.total) == (401_000_000, 101_000_000)


@pytest.mark.parametrize(
    ("more", "part", "expected"),
    [
        ({"optimizer": "sgd"}, "optimizer", 400_000_000),
        ({"optimizer": "adam"}, "optimizer", 1_200_000_000),
        ({"optimizer": "adam-8bit"}, "optimizer", 600_390_625),
        ({"precision": "bf16-mixed"}, "parameters", 600_000_000),
        ({"precision": "bf16-mixed"}, "optimizer", 800_000_000),
        ({"precision": "bf16-mixed"}, "activations", 5_120_000_000),
        ({"precision": "tf32"}, "total", 11_568_000_000),
        ({"precision": "fp16"}, "total", 5_848_000_000),
        ({"accumulation": 4}, "activations", 2_560_000_000),
        ({"accumulation": 4}, "input", 32_000_000),
        ({"errors": 0}, "activations", 5_120_000_000),
        ({"checkpoints": 10, "layers": 100}, "activations", 2_048_000_000),
        ({"shards": 4}, "activations", 2_560_000_000),
        ({"shards": 4}, "optimizer", 800_000_000),
        ({"shards": 4, "zero": 1}, "optimizer", 500_000_000),
        ({"shards": 4, "zero": 2}, "optimizer", 200_000_000),
        ({"shards": 4, "zero": 2}, "parameters", 400_000_000),
        ({"shards": 4, "zero": 3}, "parameters", 100_000_000),
        ({"workspace_bytes": 10**9}, "total", 12_568_000_000),
    ],
)
def test_beyond_the_lecture(more: dict[str, Any], part: str, expected: int) -> None:
    """Each way to train changes just the parts that it is known to change."""
    assert getattr(training_memory(**LECTURE, **more), part) == expected


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"parameters": -1}, "parameters is -1; the least is 0"),
        ({"parameters": 1.5}, "parameters is 1.5, which is no whole number"),
        ({"parameters": math.inf}, "parameters is inf, which is no whole number"),
        ({"batch_size": 0}, "batch_size is 0; the least is 1"),
        ({"batch_size": True}, "batch_size is True, which is no whole number"),
        ({"zero": 4}, "zero is 4; choose from: 0, 1, 2, 3"),
        ({"checkpoints": 5, "layers": 4}, "5 checkpoints are more than the 4 layers"),
        ({"precision": "int8"}, "nothing is trained in int8"),
        ({"gpus": 4}, "there is no 'gpus'; choose from: parameters, activations"),
    ],
)
def test_what_cannot_be(wrong: dict[str, Any], reason: str) -> None:
    """What cannot be is refused by its name."""
    with pytest.raises(BadInput, match=reason.replace("(", r"\(")):
        training_memory(**{**LECTURE, **wrong})


@pytest.mark.parametrize(
    "wrong", [{"precision": "fp8"}, {"optimizer": "lion"}], ids=str
)
def test_unknown_names(wrong: dict[str, Any]) -> None:
    """Unknown precisions and optimizers are answered with the choices."""
    with pytest.raises(NotFound, match=r"choose from: (fp32|sgd)"):
        training_memory(**LECTURE, **wrong)


@given(models, st.integers(0, 10**11))
def test_the_largest_batch_fits(model: Model, capacity: int) -> None:
    """The largest batch fits, and one more example for each GPU and part does not."""
    size = model.largest_batch(capacity)
    more = size + model.accumulation * model.shards

    if size:
        fits = attrs.evolve(model, batch_size=size).training_memory()
        assert fits.total <= capacity
    assert attrs.evolve(model, batch_size=more).training_memory().total > capacity


@given(models)
def test_sharing_never_costs(model: Model) -> None:
    """On several GPUs each holds at most what one alone would."""
    alone = attrs.evolve(model, shards=1)

    assert model.training_memory().total <= alone.training_memory().total


def test_models_by_name() -> None:
    """A well-known model brings its own figures, and takes settings of the user's."""
    model = find_model("resnet-50", batch_size=64, precision="bf16-mixed")

    assert (model.parameters, model.activations) == (25_560_000, 11_110_000)
    assert model.input_bytes == 224 * 224 * 3 * 4
    assert model.training_memory().activations == 64 * 11_110_000 * 2 * 2
    assert all(find_model(name).training_memory().total > 0 for name in list_models())
    with pytest.raises(NotFound, match="choose from: mobilenet-v2"):
        find_model("resnet50")


def test_compression() -> None:
    """Each technique's saving stands alone, and all of them together."""
    found = {
        saving.technique: saving.saved
        for saving in compress(10**6, student=10**5, sparsity=0.75, precision="fp16")
    }

    assert found == {
        "distillation": 3_600_000,
        "sparsity": 2_000_000,
        "precision": 2_000_000,
        "together": 3_850_000,
    }


def test_a_little_sparsity_costs() -> None:
    """Less than half left out costs more for the places than it saves."""
    (saving,) = compress(10**6, sparsity=0.25)

    assert saving.saved == -2_000_000


@pytest.mark.parametrize("sparsity", [-0.1, 1, math.nan])
def test_no_share(sparsity: float) -> None:
    """A sparsity that is no share is refused."""
    with pytest.raises(BadInput, match="it is a share from 0 to below 1"):
        compress(10, sparsity=sparsity)


def test_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PyTorch the measurement of a live model names its extra."""
    monkeypatch.setitem(sys.modules, "torch.autograd.graph", None)

    with pytest.raises(MissingExtra, match=r"crowdlab\[torch\]"):
        measure_model(None, [])


def test_a_live_model() -> None:
    """A live network has the parameters it has, and keeps what its layers keep."""
    torch = pytest.importorskip(
        "torch", reason="PyTorch is too large for every test run"
    )
    layers = [torch.nn.Linear(100, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10)]

    model = measure_model(torch.nn.Sequential(*layers), torch.zeros(8, 100))

    assert model.parameters == 100 * 50 + 50 + 50 * 10 + 10
    # The ReLU keeps its own output, which the last layer then keeps too.
    assert (model.activations, model.batch_size) == (50, 8)
    assert model.input_bytes == 400
