"""Reads about fora that shape a page."""
