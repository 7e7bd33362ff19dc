"""Holding the tree of a space still while it is changed."""

from __future__ import annotations

from torvet.spaces.models import Space


def hold_tree(space: Space) -> None:
    """One at a time changes the tree of a space, until the end of the transaction.

    Two moves at once could make a circle that neither sees, and a page begun while the one above is kept to fewer
    people would be read by all. Whoever holds the tree looks at its pages anew.
    """
    Space.objects.select_for_update(no_key=True).get(pk=space.pk)
