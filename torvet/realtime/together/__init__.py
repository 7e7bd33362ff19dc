"""Writing pages together: rooms in the live process, one for each page that somebody edits.

A browser joins at `/live/pages/<id>/` and speaks the Yjs protocols. The server fills the document, checks every change
before it takes it in, makes and cleans the HTML itself, and saves through the ordinary action.
"""
