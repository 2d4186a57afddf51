"""Runs programs written for Mechanical Turk against another server, unchanged."""

from crowdlab.redirect.command import ENDPOINT, redirect

__all__ = ["ENDPOINT", "redirect"]
