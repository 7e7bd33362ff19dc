"""Threads from elsewhere: what the imports of questions, fora, channels and mailing lists have in common."""
