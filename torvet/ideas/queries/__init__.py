"""Reads about idea rooms and ideas that shape a page."""
