"""Whether a password is good enough, said in plain words."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from torvet.people.models import Member

SAID: dict[str, Promise] = {
    "password_too_short": _("That is too short. Use at least 10 characters, such as a few words."),
    "password_too_similar": _(
        "That is too close to your name or address. Choose what nobody can guess from them."
    ),
    "password_too_common": _(
        "Many people use this password, so it is the first to be tried. Choose another."
    ),
    "password_entirely_numeric": _("Digits alone are soon guessed. Use words too."),
}


def check_password(password: str, member: Member) -> None:
    """Raises ValidationError with the one thing to mend first."""
    try:
        validate_password(password, member)
    except ValidationError as weak:
        found = {error.code: error for error in weak.error_list}
        for code, said in SAID.items():
            if code in found:
                raise ValidationError(str(said), code=code) from None
        raise
