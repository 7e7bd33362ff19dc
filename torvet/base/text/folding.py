"""What is folded where a text is shown: what an answer by mail only repeats of the mail before it."""

import re

from torvet.base.text.frames import QUOTED_AGAIN

_QUOTE = re.compile(r"<(/?)blockquote\b[^>]*>")


def folded(html: str, summary: str) -> str:
    """Stored HTML with such quotations in a box that opens by a click. `summary` is HTML: what one clicks on."""
    if QUOTED_AGAIN not in html:
        return html
    parts: list[str] = []
    done = 0
    open_quotes: list[bool] = []
    for match in _QUOTE.finditer(html):
        parts.append(html[done : match.start()])
        done = match.end()
        if not match[1]:
            is_folded = match[0] == QUOTED_AGAIN
            open_quotes.append(is_folded)
            start = f'<details class="quoted-again"><summary>{summary}</summary>' if is_folded else ""
            parts.append(f"{start}<blockquote>")
        else:
            parts.append("</blockquote></details>" if open_quotes.pop() else "</blockquote>")
    return "".join([*parts, html[done:]])
