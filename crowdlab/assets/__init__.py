"""Where images live for a worker's browser, and what is done to them on the way.

A path in the inputs becomes a reference to what is in the file, so that a task stays
the same wherever its images lie, and an address when the task is published. On the
way the picture is turned upright and loses what is not for workers.
"""

from crowdlab.assets.folder import FOLDER, PATH, FolderHome, folder_beside
from crowdlab.assets.home import CHOICES, Home, open_home
from crowdlab.assets.names import is_name, name_of, refer, referred
from crowdlab.assets.pictures import (
    EXTENSIONS,
    MOST_BYTES,
    Picture,
    digest,
    load,
    read_picture,
)
from crowdlab.assets.places import Place, find_places, image_fields, measured_fields
from crowdlab.assets.probes import Probe, probe
from crowdlab.assets.s3 import CORS_RULE, S3Home
from crowdlab.assets.server import ServerHome

__all__ = [
    "CHOICES",
    "CORS_RULE",
    "EXTENSIONS",
    "FOLDER",
    "MOST_BYTES",
    "PATH",
    "FolderHome",
    "Home",
    "Picture",
    "Place",
    "Probe",
    "S3Home",
    "ServerHome",
    "digest",
    "find_places",
    "folder_beside",
    "image_fields",
    "is_name",
    "load",
    "measured_fields",
    "name_of",
    "open_home",
    "probe",
    "read_picture",
    "refer",
    "referred",
]
