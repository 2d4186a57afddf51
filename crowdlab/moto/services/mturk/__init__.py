"""Mechanical Turk as moto lays out a service; always imported as ``moto.mturk``."""

from .models import mturk_backends

__all__ = ["mturk_backends"]
