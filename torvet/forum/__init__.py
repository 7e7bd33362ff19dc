"""Fora, and questions that reach the right colleagues: what is asked, answered and kept."""
