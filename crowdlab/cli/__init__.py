"""The command line: one short function for each verb."""

from crowdlab.cli.program import app, main

__all__ = ["app", "main"]
