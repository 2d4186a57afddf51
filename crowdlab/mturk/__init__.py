"""The requester's end of the wire: one method to every marketplace."""

from crowdlab.mturk.endpoints import ENDPOINTS, Connection, connect, find_server
from crowdlab.mturk.transport import Transport, group, pages

__all__ = [
    "ENDPOINTS",
    "Connection",
    "Transport",
    "connect",
    "find_server",
    "group",
    "pages",
]
