"""What a training step of PyTorch takes, against what crowdlab says it will.

Needs PyTorch: ``pip install 'crowdlab[torch]'``. Run it as

    python docs/benchmarks/training_memory.py
"""

from itertools import accumulate

import torch
from torch import nn
from torch.nn import functional
from torch.profiler import ProfilerActivity, profile

from crowdlab.accounting import measure_model, show_bytes


class Attention(nn.Module):  # type: ignore[misc]  # torch is not there to be asked
    """Four blocks of a small transformer over 64 tokens of 128 numbers."""

    def __init__(self) -> None:
        super().__init__()
        block = nn.TransformerEncoderLayer(128, 4, 512, batch_first=True, dropout=0.0)
        self.blocks = nn.TransformerEncoder(block, 4, enable_nested_tensor=False)
        self.head = nn.Linear(128, 10)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """The classes' scores."""
        scores: torch.Tensor = self.head(self.blocks(tokens).mean(1))
        return scores


def perceptron() -> nn.Module:
    """Three layers of 1,024 neurons."""
    layers = [nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(1024, 10))


def convolutions() -> nn.Module:
    """Three convolutions with normalisation over 64 by 64 pixels."""
    layers: list[nn.Module] = []
    for before, after in ((3, 32), (32, 64), (64, 64)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after)]
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 8 * 8, 10))


def measure_step(module: nn.Module, example: torch.Tensor) -> int:
    """The most bytes that PyTorch holds in the second training step."""
    optimizer = torch.optim.SGD(module.parameters(), lr=0.01, momentum=0.9)
    target = torch.zeros(len(example), dtype=torch.long)

    def step() -> None:
        optimizer.zero_grad()
        functional.cross_entropy(module(example), target).backward()
        optimizer.step()

    step()
    optimizer.zero_grad()
    # The parameters, what the optimizer remembers of them, and the examples.
    held: int = (
        2 * sum(tensor.nbytes for tensor in module.parameters()) + example.nbytes
    )
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        step()
    assert seen.profiler is not None
    events = seen.profiler.kineto_results.events()
    changes: list[int] = [
        event.nbytes() for event in events if event.name() == "[memory]"
    ]
    return held + max(accumulate(changes))


def main() -> None:
    """Prints the table."""
    torch.manual_seed(0)
    cases = {
        "perceptron, batch of 256": (perceptron(), torch.randn(256, 784)),
        "convolutions, batch of 32": (convolutions(), torch.randn(32, 3, 64, 64)),
        "transformer, batch of 32": (Attention(), torch.randn(32, 64, 128)),
    }
    print("| network | measured | predicted | off by |")
    print("|---|---:|---:|---:|")
    for name, (module, example) in cases.items():
        need = measure_model(module, example, optimizer="momentum").training_memory()
        found = measure_step(module, example)
        error = need.total / found - 1
        row = f"{show_bytes(found)} | {show_bytes(need.total)} | {error:+.1%}"
        print(f"| {name} | {row} |")


if __name__ == "__main__":
    main()
