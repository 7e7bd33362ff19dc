"""The screens of blogs."""
