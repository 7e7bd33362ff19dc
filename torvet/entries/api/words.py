"""The words that calls send: of entries, and of what features make of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from torvet.base.api import Asked, Line, Name, Prose
from torvet.base.text import MAX_SOURCE
from torvet.entries.words import MAX_TITLE

Words = Annotated[Prose, StringConstraints(max_length=MAX_SOURCE)]
Title = Annotated[Line, StringConstraints(max_length=MAX_TITLE)]
Keys = Annotated[list[Annotated[Name, StringConstraints(max_length=32)]], Field(max_length=20)]
Format = Literal["markdown", "html"]


class NewComment(Asked):
    """An answer: Markdown, or HTML, which is cleaned. `attachments` are keys of files uploaded before."""

    body: Words = ""
    format: Format = "markdown"
    attachments: Keys = []
