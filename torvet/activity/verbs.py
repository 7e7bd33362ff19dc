"""Everything that can happen, one word each. Stored; never rename one without a migration."""

POSTED = "posted"
COMMENTED = "commented"
EDITED = "edited"
REMOVED = "removed"
RESTORED = "restored"
PLACED = "placed"  # somewhere else, where others read
REACTED = "reacted"
UNREACTED = "unreacted"
VOTED = "voted"
TOOK_BACK_VOTE = "took_back_vote"
PINNED = "pinned"
UNPINNED = "unpinned"
CLOSED_COMMENTS = "closed_comments"
OPENED_COMMENTS = "opened_comments"
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
KEPT_TO_FEWER = "kept_to_fewer"
OPENED_AGAIN = "opened_again"
CONFIRMED_PAGE = "confirmed_page"
NAMED_OWNER = "named_owner"
WANTED_APPROVAL = "wanted_approval"
APPROVED_PAGE = "approved_page"
ANSWERED_NOT_YET = "answered_not_yet"
CHANGED_APPROVAL = "changed_approval"
ASKED_IF_RIGHT = "asked_if_right"
REPORTED_PAGE = "reported_page"
TOOK_BACK_REPORT = "took_back_report"
ANSWERED_REPORT = "answered_report"
SUGGESTED_CHANGE = "suggested_change"
ACCEPTED_CHANGE = "accepted_change"
DECLINED_CHANGE = "declined_change"
WITHDREW_CHANGE = "withdrew_change"
DISCUSSED_CHANGE = "discussed_change"
DEALT_WITH_REMARK = "dealt_with_remark"
REOPENED_REMARK = "reopened_remark"

OPENED_FORUM = "opened_forum"
CHANGED_FORUM = "changed_forum"
CLOSED_FORUM = "closed_forum"
SOLVED = "solved"
UNSOLVED = "unsolved"
SORTED = "sorted"  # into another sub-forum
SPLIT_THREAD = "split_thread"
MERGED_THREAD = "merged_thread"
LISTED_UNANSWERED = "listed_unanswered"  # once a week, to those who run a forum
ACCEPTED_ANSWER = "accepted_answer"
TOOK_BACK_ACCEPTANCE = "took_back_acceptance"
CONFIRMED_ANSWER = "confirmed_answer"
TOOK_BACK_CONFIRMATION = "took_back_confirmation"
MARKED_SAME = "marked_same"  # a question repeats another
UNMARKED_SAME = "unmarked_same"

OPENED_BLOG = "opened_blog"
CHANGED_BLOG = "changed_blog"
CLOSED_BLOG = "closed_blog"
REOPENED_BLOG = "reopened_blog"
NAMED_DELEGATE = "named_delegate"
ENDED_DELEGATE = "ended_delegate"
SET_QUESTION_ASIDE = "set_question_aside"
TOOK_UP_QUESTION = "took_up_question"
SUGGESTED_ACT = "suggested_act"  # one small thing to do, after a quiet week
LINKED_OUTCOME = "linked_outcome"
UNLINKED_OUTCOME = "unlinked_outcome"
WANTED_REVIEW = "wanted_review"
SENT_BACK = "sent_back"
PUBLISHED_FOR = "published_for"  # what somebody wrote is out
DISCARDED_DRAFT = "discarded_draft"
DID_NOT_COME_OUT = "did_not_come_out"  # its time had come, and the right was gone
KEEPS_BLOG = "keeps_blog"  # somebody left, and a blog is now another's to keep
MADE_FEED_KEY = "made_feed_key"
REVOKED_FEED_KEY = "revoked_feed_key"

ASKED_EXPERT = "asked_expert"  # somebody who may know was asked to answer
CANNOT_ANSWER = "cannot_answer"  # they said so, and nobody waits
MADE_PAGE = "made_page"  # of what was said in a thread
OPENED_IDEA_ROOM = "opened_idea_room"
CHANGED_IDEA_ROOM = "changed_idea_room"
CLOSED_IDEA_ROOM = "closed_idea_room"
REOPENED_IDEA_ROOM = "reopened_idea_room"
EXPORTED_IDEAS = "exported_ideas"
PROPOSED_IDEA = "proposed_idea"
NAMED_DECIDER = "named_decider"
MOVED_IDEA = "moved_idea"  # to another stage
MERGED_IDEA = "merged_idea"
SEPARATED_IDEA = "separated_idea"
REMINDED_DECIDER = "reminded_decider"
LOST_DECIDER = "lost_decider"  # they left, and who runs the space decides now

SET_LEAVING = "set_leaving"
REMINDED_LEAVER = "reminded_leaver"
SHOWED_HAND_OVER = "showed_hand_over"
ASKED_TO_TAKE_OVER = "asked_to_take_over"
TOOK_OVER = "took_over"
DECLINED_TO_TAKE_OVER = "declined_to_take_over"
FELL_TO = "fell_to"
LOST_LEADER = "lost_leader"
SET_AWAY = "set_away"
ENDED_AWAY = "ended_away"

SENT_NOTICE = "sent_notice"
ASKED_TO_CONFIRM = "asked_to_confirm"  # those who came later, or are back
ASKED_DEPUTY = "asked_deputy"
ASKED_AGAIN = "asked_again"
CALLED_SMALL = "called_small"  # a change of what people confirm, that asks nobody again
CONFIRMED_READING = "confirmed_reading"
REMINDED_READERS = "reminded_readers"
MOVED_NOTICE = "moved_notice"  # to a later date
CLOSED_NOTICE = "closed_notice"
EXPORTED_NOTICE = "exported_notice"
PASSED_NOTICE = "passed_notice"
TOLD_SOME = "told_some"  # of many who are told the same; the others follow

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
    CHANGED_STANDING, KEPT_TO_FEWER, OPENED_AGAIN,
    OPENED_FORUM, CLOSED_FORUM,
    OPENED_BLOG, CHANGED_BLOG, CLOSED_BLOG, REOPENED_BLOG, NAMED_DELEGATE, ENDED_DELEGATE,
    OPENED_IDEA_ROOM, CHANGED_IDEA_ROOM, CLOSED_IDEA_ROOM, REOPENED_IDEA_ROOM, EXPORTED_IDEAS,
    FOUNDED_COMPANY, CHANGED_COMPANY, SIGNED_UP, CHANGED_ROLE, DEACTIVATED, REACTIVATED, MADE_TOKEN, REVOKED_TOKEN,
    CHANGED_UNIT, CHANGED_SITE, CHANGED_TERM, IMPORTED, SENT_NOTICE, MOVED_NOTICE, CLOSED_NOTICE, EXPORTED_NOTICE,
})  # fmt: skip
