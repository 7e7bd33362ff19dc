"""Who may change the agreement."""

from torvet.people.viewer import Viewer


def can_change_agreement(viewer: Viewer) -> bool:
    """Administrators in a browser. A later step asks for a second key from the employees' representative."""
    return viewer.can_write and viewer.is_administrator and viewer.via != "token"
