"""What a staged message says, as HTML for `read_said`: its words, its bots' cards, and the files that did not come."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape as escape_html

from django.utils.translation import gettext as _

from torvet.base.text.characters import strip_forbidden
from torvet.moving.imports.slack import mrkdwn, rich_text
from torvet.moving.imports.slack.accounts import Accounts
from torvet.moving.imports.slack.shapes import Json, part, parts, unescape, without_tokens, words
from torvet.moving.imports.slack.staging import STUB, Staged
from torvet.spaces.models import Access, Space

_SHARED = re.compile(r"<@[^>]+> uploaded (?:a|an) [^<]*<[^>]+>(?: and commented: (?P<words>.*))?", re.DOTALL)


class Directory:
    """Whom and which spaces a text may name. `named` gathers the members of one message."""

    def __init__(self, accounts: Accounts, spaces: dict[str, Space]) -> None:
        self._accounts = accounts
        self._spaces = spaces
        self.named: dict[int, str] = {}

    def person(self, id: str, label: str) -> str:
        account = self._accounts.find(id)
        if account is None:
            return escape_html(f"@{label.lstrip('@') or _('somebody')}", quote=False)
        member = account.member
        self.named[member.pk] = member.name
        shown = escape_html(member.name, quote=False)
        return f'<a class="mention" data-mention="member-{member.pk}">@{shown}</a>'

    def plain_name(self, id: str, label: str) -> str:
        account = self._accounts.find(id)
        return f"@{account.member.name if account else label.lstrip('@') or _('somebody')}"

    def room(self, id: str, label: str) -> str:
        space = self._spaces.get(id)
        # A secret space's name is known to those inside; the words of a message may be read by others.
        if space is None or space.access == Access.SECRET:
            return escape_html(label.lstrip("#") or _("another space"), quote=False)
        return f'<a href="/spaces/{space.pk}/">#{escape_html(space.name, quote=False)}</a>'


def to_html(staged: Staged, directory: Directory, problem_of: Callable[[Json], str]) -> str:
    """HTML of a message. `problem_of` a file says why it is not attached, or "" when it is."""
    said = staged.said
    if staged.kind == STUB:
        return f"<p><em>{_('The beginning of this conversation was not in the export.')}</em></p>"
    html = _words(said, directory)
    html += "".join(_card(card, directory) for card in parts(said, "cards"))
    return html + "".join(
        _missing(file, problem_of(file)) for file in parts(said, "files") if problem_of(file)
    )


def _words(said: Json, directory: Directory) -> str:
    subtype, text = words(said, "subtype"), words(said, "text")
    if subtype == "file_share":
        match = _SHARED.fullmatch(text)
        text = (match["words"] or "") if match else text
    elif subtype == "file_comment":
        text = words(part(said, "comment"), "comment") or text.rpartition("|")[2].partition(">: ")[2] or text
    blocks = parts(said, "blocks")
    html = rich_text.to_html_or_none(blocks, directory) if blocks else None
    if html is None:
        html = mrkdwn.to_html(text, directory)
    if subtype == "me_message":
        html = html.replace("<p>", "<p><em>").replace("</p>", "</em></p>")
    return html


def _card(card: Json, directory: Directory) -> str:
    """A bot's card, or a message that somebody passed on: as a quotation under the words."""
    lines = []
    title, link = words(card, "title"), words(card, "title_link")
    if title:
        shown = mrkdwn.address(link, title) if link else mrkdwn.line_to_html(title, directory)
        lines.append(f"<strong>{shown}</strong>")
    if words(card, "author_name") and card.get("is_share") is True:
        lines.append(escape_html(words(card, "author_name"), quote=False))
    inside = mrkdwn.to_html(words(card, "text"), directory)
    for field in parts(card, "fields"):
        name = escape_html(words(field, "title"), quote=False)
        lines.append(f"{name}: {mrkdwn.line_to_html(words(field, 'value'), directory)}")
    head = mrkdwn.to_html(words(card, "pretext"), directory)
    body = (
        "".join(f"<p>{line}</p>" for line in lines[:1])
        + inside
        + "".join(f"<p>{line}</p>" for line in lines[1:])
    )
    foot = words(card, "footer")
    body += f"<p>{mrkdwn.line_to_html(foot, directory)}</p>" if foot and body else ""
    if not body:
        body = mrkdwn.to_html(words(card, "fallback"), directory) if not head else ""
    return head + (f"<blockquote>{body}</blockquote>" if body else "")


def name_of(file: Json) -> str:
    return words(file, "name") or words(file, "title") or _("A file")


def _missing(file: Json, problem: str) -> str:
    name = escape_html(without_tokens(name_of(file)), quote=False)
    if words(file, "mode") == "external" or file.get("is_external") is True:
        return f"<p>{mrkdwn.address(words(file, 'url_private'), name_of(file))}</p>"
    return f"<p>{name} ({escape_html(problem, quote=False)})</p>"


_SIGN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def plain_of(said: Json, directory: Directory) -> str:
    """The words of a message as a plain text file: every line, no marks."""

    def shown(match: re.Match[str]) -> str:
        kind, what, label = match.groups()
        if kind == "@":
            return directory.plain_name(what, label or "")
        return label or what

    text = words(said, "text") or "\n".join(
        words(part(block, "text"), "text") for block in parts(said, "blocks")
    )
    return strip_forbidden(unescape(without_tokens(_SIGN.sub(shown, text))))
