"""Everything that can happen, one word each. Stored; never rename one without a migration."""

POSTED = "posted"
COMMENTED = "commented"
EDITED = "edited"
REMOVED = "removed"
RESTORED = "restored"
REACTED = "reacted"
UNREACTED = "unreacted"
PINNED = "pinned"
UNPINNED = "unpinned"
FOLLOWED = "followed"
UNFOLLOWED = "unfollowed"
FOLLOWED_TOPIC = "followed_topic"
UNFOLLOWED_TOPIC = "unfollowed_topic"

OPENED_SPACE = "opened_space"
CHANGED_SPACE = "changed_space"
ARCHIVED_SPACE = "archived_space"
REOPENED_SPACE = "reopened_space"
JOINED = "joined"
LEFT = "left"
ASKED_TO_JOIN = "asked_to_join"
LET_IN = "let_in"
TURNED_DOWN = "turned_down"
INVITED = "invited"
ADDED_MEMBER = "added_member"
REMOVED_MEMBER = "removed_member"
CHANGED_STANDING = "changed_standing"
CHANGED_INVOLVEMENT = "changed_involvement"

MOVED_PAGE = "moved_page"
CONFIRMED_PAGE = "confirmed_page"
NAMED_OWNER = "named_owner"

SET_LEAVING = "set_leaving"
REMINDED_LEAVER = "reminded_leaver"
SHOWED_HAND_OVER = "showed_hand_over"
ASKED_TO_TAKE_OVER = "asked_to_take_over"
TOOK_OVER = "took_over"
DECLINED_TO_TAKE_OVER = "declined_to_take_over"
FELL_TO = "fell_to"
LOST_LEADER = "lost_leader"

FOUNDED_COMPANY = "founded_company"
CHANGED_COMPANY = "changed_company"
SIGNED_UP = "signed_up"
CHANGED_PROFILE = "changed_profile"
CHANGED_ROLE = "changed_role"
DEACTIVATED = "deactivated"
REACTIVATED = "reactivated"
MADE_TOKEN = "made_token"  # noqa: S105  # a verb
REVOKED_TOKEN = "revoked_token"  # noqa: S105  # a verb
CHANGED_UNIT = "changed_unit"
CHANGED_SITE = "changed_site"
CHANGED_TERM = "changed_term"
IMPORTED = "imported"

# What an administrator reads in the log: changes of rights and rules, never who read or reacted to what.
AUDITED = frozenset({
    OPENED_SPACE, CHANGED_SPACE, ARCHIVED_SPACE, REOPENED_SPACE, INVITED, ADDED_MEMBER, REMOVED_MEMBER,
    CHANGED_STANDING,
    FOUNDED_COMPANY, CHANGED_COMPANY, SIGNED_UP, CHANGED_ROLE, DEACTIVATED, REACTIVATED, MADE_TOKEN, REVOKED_TOKEN,
    CHANGED_UNIT, CHANGED_SITE, CHANGED_TERM, IMPORTED,
})  # fmt: skip
