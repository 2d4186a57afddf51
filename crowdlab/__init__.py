"""Ask a crowd, pay it, and say how far to trust each answer."""

__version__ = "0.1.0"
