"""Idea rooms: what could be better, who supports it, what was decided and what came of it."""
