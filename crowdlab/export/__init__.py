"""Labels as files of other tools, and those files as labels again."""

from crowdlab.export.crowd_elements import from_crowd_element, to_crowd_element
from crowdlab.export.formats import Format, exporters
from crowdlab.export.labelled import Labelled
from crowdlab.export.pictures import Picture
from crowdlab.export.pseudonyms import pseudonyms

__all__ = [
    "Format",
    "Labelled",
    "Picture",
    "exporters",
    "from_crowd_element",
    "pseudonyms",
    "to_crowd_element",
]
