"""A community of Stack Exchange, from its data dump to questions and answers."""
