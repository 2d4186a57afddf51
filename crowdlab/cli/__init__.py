"""The command line: one short function for each verb."""

from crowdlab.cli.program import main

__all__ = ["main"]
