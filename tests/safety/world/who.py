"""Who is where in the world, by the names of the visitors. Written down by hand: the product is not asked."""

from __future__ import annotations

# Who is inside each space, by the names of the visitors; `all` is every colleague with an open account.
COLLEAGUES = {
    "administrator", "community_manager", "leader", "anna", "bo", "outsider", "removed", "asking", "invited",
    "token_read", "token_write",
}  # fmt: skip
INSIDERS_OF_OPEN = {"administrator", "community_manager", "leader", "anna", "bo", "token_read", "token_write"}
INSIDE = {
    "open": COLLEAGUES,
    "closed": {"anna", "bo", "token_read", "token_write"},
    "secret": {"anna", "bo", "token_read", "token_write"},
    "guests": {"anna", "bo", "guest", "token_read", "token_write"},
    "archived": {"anna", "bo", "token_read", "token_write"},
    "kept": {"anna", "bo", "token_read", "token_write"},  # an inner space of the open one
}

# Who may edit pages: all who are inside and may write; in the open space those who joined.
EDITING = {"anna", "bo", "guest", "token_write", "administrator", "community_manager", "leader"}

# Who runs each space, and so may ask its members.
RUNS = {"open": "leader", "closed": "anna", "secret": "bo", "guests": "anna", "archived": "anna"}
