"""Errors as problem details (RFC 9457): one shape for every program that asks, whatever went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

PROBLEM_TYPE = "application/problem+json"


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks: it gets problem details, never a page."""
    return request.path.startswith("/api/")


def problem(status: int, title: str, detail: str = "", **more: Any) -> JsonResponse:
    """A problem-details answer. `more` are further members of it, such as `errors` or `scope`."""
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail or title, **more},
        status=status,
        content_type=PROBLEM_TYPE,
    )


def missing() -> JsonResponse:
    """404, the very same for what does not exist and for what this viewer may not see."""
    return problem(404, _("Not found"), _("There is nothing here, or you may not see it."))


def field_problem(errors: Sequence[Mapping[str, str]]) -> JsonResponse:
    """422 with one `{"in", "field", "message"}` for each field that was not understood."""
    names = ", ".join(dict.fromkeys(error["field"] or error["in"] for error in errors))
    return problem(422, _("Something in the request is not right"), _("Please check: %(names)s") % {"names": names},
                   errors=list(errors))  # fmt: skip


def in_words(kind: str, details: Mapping[str, Any]) -> str:
    """What is wrong with a value, in a person's words; `kind` and `details` are those of a pydantic error."""
    match kind:
        case "missing":
            return _("This is missing.")
        case "extra_forbidden":
            return _("There is no such field.")
        case "too_long" if details.get("field_type") != "Value":
            return _("At most %(most)s fit here.") % {"most": details["max_length"]}
        case "string_too_long" | "too_long":
            most = int(details["max_length"])
            return ngettext("At most %(most)s character fits.", "At most %(most)s characters fit.", most) % {
                "most": most
            }
        case "string_too_short":
            least = int(details["min_length"])
            return ngettext(
                "At least %(least)s character is needed.", "At least %(least)s characters are needed.", least
            ) % {"least": least}
        case "greater_than_equal":
            return _("This must be %(least)s or more.") % {"least": details["ge"]}
        case "less_than_equal":
            return _("This must be %(most)s or less.") % {"most": details["le"]}
        case "enum" | "literal_error":
            return _("Choose one of: %(choices)s") % {"choices": details["expected"]}
        case "string_pattern_mismatch" | "string_unicode" | "value_error":
            return _("This has characters that cannot stand here.")
        case "bad_cursor":
            return _("This place in the list is not known. Start again without it.")
        case "string_type" | "string_sub_type":
            return _("This must be text.")
        case "list_type" | "tuple_type" | "set_type":
            return _("This must be a list.")
        case "dict_type" | "model_type" | "model_attributes_type":
            return _("This must be a JSON object.")
    if kind.startswith("int"):
        return _("This must be a whole number.")
    if kind.startswith("bool"):
        return _("This must be true or false.")
    return _("This is not understood.")
