"""What every app's api.py is made of: kinds of fields, the shape of errors, what is documented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from django.conf import settings
from django.http import Http404, HttpRequest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from torvet.base.pages import LARGEST_ID, LONGEST_CURSOR
from torvet.base.text.characters import clean_line, strip_forbidden

LONGEST_KEY = 128


def _whole(text: str) -> str:
    """A name of something that exists: with a control character in it there is none, and a database may choke on it."""
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise ValueError("control character")
    return text


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean_line)]
Prose = Annotated[str, AfterValidator(strip_forbidden)]
Name = Annotated[str, AfterValidator(_whole)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Part(BaseModel):
    """Which part of a list is wanted. Lists with filters add theirs in a class of their own."""

    after: Annotated[
        str | None, Field(max_length=LONGEST_CURSOR, description="The `next` of the page before")
    ] = None
    limit: Annotated[int, Field(ge=1, le=100, description="At most this many")] = 20


class Asked(BaseModel):
    """The body of a call. Unknown fields and other types are refused, never guessed at."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Shown(BaseModel):
    """Something in an answer."""

    model_config = ConfigDict(extra="forbid")


class FieldError(Shown):
    """One field that was not understood, and why."""

    where: str = Field(alias="in", description="`body`, `query`, `path`, `form`, `file` or `header`")
    field: str
    message: str


class Problem(Shown):
    """What went wrong (RFC 9457). `title` and `detail` are in the language of the member."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = Field(default=[], description="With 422: the fields concerned")
    scope: str = Field(default="", description="With 403: the scope that the token lacks")


PROBLEMS: Mapping[int, str] = {
    400: "The body is not JSON, or not what its type says",
    401: "No signed-in browser and no valid token",
    403: "The token lacks the scope, or the rules do not allow this here",
    404: "There is no such thing, or you may not see it; the two answer alike",
    405: "This address does not know this method",
    409: "Somebody saved another text meanwhile; `current` holds it",
    413: "The body is larger than is read at all",
    415: "The body is of another type than the operation reads",
    422: "A field is missing, unknown or out of its limits; or the rules of the town refuse it like this",
    429: "Too many requests; `Retry-After` tells how many seconds to wait",
}


def answers(shape: Any, *problems: int, status: int = 200) -> dict[int, Any]:
    """The answers an operation documents: its own, those that every operation may give, and further `problems`."""
    return {status: shape} | dict.fromkeys(sorted({401, 403, 404, 422, 429, *problems}), Problem)


def writing(shape: Any, *problems: int, status: int = 200) -> dict[int, Any]:
    """As `answers`, for operations that read a JSON body."""
    return answers(shape, 400, 413, 415, *problems, status=status)


def absolute(path: str) -> str:
    """An address on this site as other programs need it."""
    return f"{settings.TORVET_URL}{path}" if path else ""


def found(thing: Any) -> Any:
    """The thing, or the 404 that forbidden and absent things share."""
    if thing is None:
        raise Http404
    return thing


def viewer_of(request: HttpRequest) -> Any:
    """Who asks; the type is that of the floor above."""
    return request.viewer  # type: ignore[attr-defined]  # set by the viewer middleware
