"""Screens of pages, by what people do there."""
