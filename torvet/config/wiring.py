"""Who is told what happened, in this order. The only place that knows all readers.

AT_ONCE runs in the process that acted, after its commit: ids only, no database, fast. LATER runs in the worker, may be
told twice, and must bear it.
"""

from functools import partial

from django.db import transaction

from torvet.activity.models import Activity
from torvet.blogs.readers import hear
from torvet.entries.readers import keep_cards
from torvet.notices.readers import keep_rolls
from torvet.notifications.readers import notify
from torvet.realtime.nudges import nudge, told
from torvet.search.readers import index


def tell(activity: Activity) -> None:
    """Write notifications, then move the badges of those who were told: they ask once the rows can be read."""
    for member_id in notify(activity):
        transaction.on_commit(partial(told, member_id))


AT_ONCE = (nudge,)
# Rolls before anybody is told: whoever came is asked, whoever left is not.
LATER = (keep_cards, hear, keep_rolls, tell, index)
