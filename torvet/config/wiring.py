"""Who is told what happened, in this order. The only place that knows all readers.

AT_ONCE runs in the process that acted, after its commit: ids only, no database, fast. LATER runs in the worker, may be
told twice, and must bear it.
"""

from torvet.entries.readers import keep_cards
from torvet.notifications.readers import notify
from torvet.realtime.nudges import nudge
from torvet.search.readers import index

AT_ONCE = (nudge,)
LATER = (keep_cards, notify, index)
