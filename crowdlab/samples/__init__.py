"""Real data to try things with, small enough to travel in the package."""

from crowdlab.samples.sample import Sample, digits, rte

__all__ = ["Sample", "digits", "rte"]
