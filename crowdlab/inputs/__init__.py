"""Rows of inputs, from files, folders of images, data frames and whatever yields mappings."""

from crowdlab.inputs.folders import read_classes
from crowdlab.inputs.rows import read_rows

__all__ = ["read_classes", "read_rows"]
