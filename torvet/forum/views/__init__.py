"""The pages of fora and questions."""
