"""Search: one box over entries, people, spaces and topics.

    from torvet.search.queries import search
    found = search(viewer, q, kind=None, space=None, person=None, order="newest", after=None, size=20)

`kind` is None or one of `torvet.search.found.KINDS` ("post", "article", "page", "comment", "person", "space",
"topic"); `space` and `person` are ids (int) or None; `order` is "newest" or "best"; `after` is the `next` of the page
before. Gives a `torvet.search.found.Found`; raises `torvet.base.pages.BadCursor`. Everything is read through
`visible_to(viewer)`.
"""
