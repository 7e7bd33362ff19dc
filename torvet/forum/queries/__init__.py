"""Reads that shape the pages of fora and questions."""
