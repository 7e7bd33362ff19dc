"""Torvet: a company's own social network."""

__version__ = "0.1.0"
