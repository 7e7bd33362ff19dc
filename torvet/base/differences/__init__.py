"""What differs between two texts of our schema, word by word, and two changes of one text brought together.

Pure: cleaned HTML in (see `base.text`), HTML out. Blocks are laid beside each other first, then what is in them: items
of lists, rows and cells of tables, at last words. Work is counted and bounded (`sequence.Budget`): a text that is too
unlike the other is shown as taken out and put in, never compared for minutes. 10,000 words against 10,000 take about
a tenth of a second.
"""

from torvet.base.differences.drawing import difference, line_difference
from torvet.base.differences.merging import Merged, Part, merge

__all__ = ["Merged", "Part", "difference", "line_difference", "merge"]
