"""The pages of fora, discussions and questions."""
