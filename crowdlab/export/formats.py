"""The formats: how labels are written as a file, and read from one."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

import attrs
import pandas as pd

from crowdlab.export.labelled import Labelled
from crowdlab.plugins import Registry

__all__ = ["Format", "exporters"]


@attrs.frozen
class Format:
    """How labels are written, and read again.

    Attributes:
        write: writes labels to a path: a file or a folder.
        read: the table in what was written: columns task and label, and what the
            format knows besides.
    """

    write: Callable[[Labelled, Path], None]
    read: Callable[[Path], pd.DataFrame]


#: Built-ins, then those of the entry point group ``crowdlab.exporters``.
exporters: Registry[Format] = Registry("export format", "crowdlab.exporters")


def _load(module: str, suffix: str = "") -> Format:
    found = import_module(f"crowdlab.export.{module}")
    return Format(getattr(found, f"write{suffix}"), getattr(found, f"read{suffix}"))


exporters.add("csv", partial(_load, "tables", "_csv"))
exporters.add("parquet", partial(_load, "tables", "_parquet"))
exporters.add("coco", partial(_load, "coco"))
exporters.add("labelme", partial(_load, "labelme"))
exporters.add("label-studio", partial(_load, "label_studio"))
exporters.add("crowd-elements", partial(_load, "crowd_elements"))
