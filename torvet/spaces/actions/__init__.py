"""What people do with spaces: open and change them, come and go, invite."""

from torvet.spaces.actions.coming import (
    answer_request,
    ask_to_join,
    change_involvement,
    change_standing,
    join,
    keep_read_up,
    leave,
    mark_space_read,
    remove_member,
    withdraw_request,
)
from torvet.spaces.actions.inner import change_readers, make_owner, open_inner
from torvet.spaces.actions.inviting import (
    accept_invitation,
    decline_invitation,
    invitation_behind,
    invite_by_link,
    invite_member,
    send_invitation,
    sign_up,
    withdraw_invitation,
)
from torvet.spaces.actions.opening import archive_space, change_space, open_space, reopen_space

__all__ = [
    "accept_invitation",
    "answer_request",
    "archive_space",
    "ask_to_join",
    "change_involvement",
    "change_readers",
    "change_space",
    "change_standing",
    "decline_invitation",
    "invitation_behind",
    "invite_by_link",
    "invite_member",
    "join",
    "keep_read_up",
    "leave",
    "make_owner",
    "mark_space_read",
    "open_inner",
    "open_space",
    "remove_member",
    "reopen_space",
    "send_invitation",
    "sign_up",
    "withdraw_invitation",
    "withdraw_request",
]
