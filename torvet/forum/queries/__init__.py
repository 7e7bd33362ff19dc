"""Reads about fora and questions that shape a page."""
