"""Rows of inputs, from files, data frames and whatever yields mappings."""

from crowdlab.inputs.rows import read_rows

__all__ = ["read_rows"]
