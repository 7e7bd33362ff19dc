"""Two texts as one, with what was taken out in <del> and what was put in in <ins>, said in words for those who listen.

Where neither may stand (around an item, a row, a cell) that carries class "gone" or "come", and its words are in
<del> or <ins> inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from torvet.base.differences.inline import pieces_of, runs, written
from torvet.base.differences.sequence import Budget
from torvet.base.differences.tree import CELLS, Fate, Node, align, loose, parse

CLASSES = {"del": "gone", "ins": "come"}


def difference(old: str, new: str) -> SafeString:
    """The difference of two cleaned texts, as HTML. Without <del> it says the new text, without <ins> the old one."""
    drawing = _Drawing({"del": gettext("Taken out:"), "ins": gettext("Put in:")})
    return mark_safe(drawing.blocks(parse(old), parse(new)))  # noqa: S308  # tags and texts of two cleaned texts


def line_difference(old: str, new: str) -> SafeString:
    """As `difference`, of two plain lines such as titles."""
    drawing = _Drawing({"del": gettext("Taken out:"), "ins": gettext("Put in:")})
    return mark_safe(drawing.line(loose(escape(old)), loose(escape(new))))  # noqa: S308  # escaped


@dataclass
class _Drawing:
    said: dict[str, str]
    budget: Budget = field(default_factory=Budget)

    def blocks(self, old: Sequence[Node], new: Sequence[Node]) -> str:
        out = []
        for step in align(old, new, self.budget):
            if step.fate is Fate.SAME:
                out.append(new[step.new].html)
            elif step.fate is Fate.GONE:
                out.append(self.whole(old[step.old], "del"))
            elif step.fate is Fate.NEW:
                out.append(self.whole(new[step.new], "ins"))
            else:
                out.append(self.changed(old[step.old], new[step.new]))
        return "".join(out)

    def changed(self, old: Node, new: Node) -> str:
        inner = self.line(old, new) if new.is_line else self.blocks(old.blocks, new.blocks)
        return f"{new.start}{inner}{new.end}"

    def line(self, old: Node, new: Node) -> str:
        made = runs(pieces_of(old), pieces_of(new), self.budget)
        return "".join(
            self.marked(run.fate, written(run.pieces)) if run.fate else written(run.pieces) for run in made
        )

    def whole(self, node: Node, sign: str) -> str:
        """A block that went or came as a whole."""
        inner = "".join(part if isinstance(part, str) else part.html for part in node.inside)
        if node.tag == "li" or node.tag in CELLS:
            return f"{self.classed(node, sign)}{self.marked(sign, inner)}{node.end}"
        if node.tag in {"tr", "thead", "tbody"}:
            return (
                f"{self.classed(node, sign)}{''.join(self.whole(row, sign) for row in node.blocks)}{node.end}"
            )
        return self.marked(sign, node.html)

    def marked(self, sign: str, html: str) -> str:
        return f'<{sign}><span class="vh">{escape(self.said[sign])} </span>{html}</{sign}>'

    def classed(self, node: Node, sign: str) -> str:
        return f'{node.start[:-1]} class="{CLASSES[sign]}">'
