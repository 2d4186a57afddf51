"""The hosts of Mechanical Turk, and who answers for them."""

from crowdlab.moto.registration import HOSTS

from .responses import MTurkResponse

__all__ = ["url_bases", "url_paths"]

url_bases = [HOSTS.pattern]

url_paths = {"{0}/$": MTurkResponse.dispatch}
