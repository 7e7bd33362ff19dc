"""What a post says, as loose HTML: its Markdown, the cards of its bots, and the files that did not come."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape

from django.utils.translation import gettext as _

from torvet.base.text.characters import clean_line
from torvet.moving.imports.talk.loose_json import Json, words_in
from torvet.moving.imports.talk.markdown import to_html
from torvet.moving.imports.wiki.rewriting import anchor, is_outside, mention
from torvet.moving.imports.wiki.shapes import page_href

_NAME = re.compile(
    r"(?<![\w@/.~-])(?:@(?P<who>[A-Za-z0-9][A-Za-z0-9._-]*)|~(?P<room>[a-z0-9][a-z0-9_-]{0,63}))"
)


class Speech:
    """Whom and which channels texts may name."""

    def __init__(self, people: Mapping[str, str], rooms: Mapping[str, Mapping[str, str]]) -> None:
        """`people`: username -> name; `rooms`: team -> name of a channel in its address -> its shown name."""
        self._people = people
        self._rooms = rooms

    def html(self, post: Json, team: str, missing: Sequence[str]) -> str:
        """`missing` are the names of its files that are not in the export."""
        props = post.get("props")
        props = props if isinstance(props, dict) else {}
        said = self._read(words_in(post, "message"), team)
        sender = clean_line(words_in(props, "override_username"))[:120]
        if sender and (props.get("from_webhook") or props.get("from_bot")):
            said = f"<p><strong>{escape(sender, quote=False)}</strong></p>{said}"
        if words_in(post, "type") == "me":
            said = said.replace("<p>", "<p><em>").replace("</p>", "</em></p>")
        cards = props.get("attachments")
        for card in cards if isinstance(cards, list) else ():
            if isinstance(card, dict):
                said += self._card(card, team)
        gone = _("not in the export")
        return said + "".join(f"<p>{escape(name, quote=False)} ({gone})</p>" for name in missing)

    def _read(self, said: str, team: str) -> str:
        return to_html(said, lambda text: self._named(text, team)) if said.strip() else ""

    def _named(self, text: str, team: str) -> str:
        """Escaped text with mentions and links to channels in it."""
        if "@" not in text and "~" not in text:
            return text

        def named(match: re.Match[str]) -> str:
            if match["room"]:
                shown = self._rooms.get(team, {}).get(match["room"])
                id = f"{team}:{match['room']}"
                return anchor(page_href(id), f"~{escape(shown, quote=False)}") if shown else match[0]
            # A full stop at the end of a sentence is no part of a name.
            who = match["who"]
            while who and who.casefold() not in self._people and who[-1] in "._-":
                who = who[:-1]
            name = self._people.get(who.casefold())
            return mention(who.casefold(), f"@{name}") + match["who"][len(who) :] if name else match[0]

        return _NAME.sub(named, text)

    def _card(self, card: Json, team: str) -> str:
        """A bot's card, as a quotation under the words."""
        lines: list[str] = []
        title, link = clean_line(words_in(card, "title")), words_in(card, "title_link")
        if title:
            shown = escape(title, quote=False)
            lines.append(f"<p><strong>{anchor(link, shown) if is_outside(link) else shown}</strong></p>")
        if who := clean_line(words_in(card, "author_name")):
            lines.append(f"<p>{escape(who, quote=False)}</p>")
        lines.append(self._read(words_in(card, "text"), team))
        fields = card.get("fields")
        for field in fields if isinstance(fields, list) else ():
            if isinstance(field, dict):
                value = field.get("value")
                said = value if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
                name = clean_line(words_in(field, "title"))
                lines.append(
                    f"<p>{escape(name, quote=False)}: {escape(clean_line(str(said)), quote=False)}</p>"
                )
        if foot := clean_line(words_in(card, "footer")):
            lines.append(f"<p>{escape(foot, quote=False)}</p>")
        inside = "".join(lines)
        head = self._read(words_in(card, "pretext"), team)
        if not inside and not head:
            inside = self._read(words_in(card, "fallback"), team)
        return head + (f"<blockquote>{inside}</blockquote>" if inside else "")


def plain_words(markdown: str) -> str:
    """One line of text: a channel's header or purpose."""
    return clean_line(unescape(re.sub(r"<[^>]*>", " ", to_html(markdown))))
