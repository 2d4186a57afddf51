"""The hosts of Mechanical Turk, and who answers for them."""

from .responses import MTurkResponse

__all__ = ["url_bases", "url_paths"]

# Any region: there is something to say to those that were never served.
url_bases = [r"https?://mturk-requester(?:-sandbox|-fips)?\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/$": MTurkResponse.dispatch}
