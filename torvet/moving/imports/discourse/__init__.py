"""A Discourse forum, from topics as its API gives them to discussions and questions."""
