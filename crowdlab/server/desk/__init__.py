"""The requester's desk: what is on the market, what came of it, and decisions on it.

It holds no rule of the marketplace: whatever is done here is an operation of the API.
"""

from crowdlab.server.desk.desk import make_desk

__all__ = ["make_desk"]
