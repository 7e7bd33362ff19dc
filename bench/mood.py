"""How well moods are judged: macro-F1 by language and provider, on ../shared/data/labelled.

.venv/bin/python -m bench.mood          # both providers, the second when the extra `semantic` is installed
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from pathlib import Path

from torvet.blogs.mood import nearest
from torvet.blogs.mood.nearest import NearestExamples
from torvet.blogs.mood.said import Mood, Provider
from torvet.blogs.mood.word_list import WordList

LABELLED = Path(__file__).parents[2] / "shared" / "data" / "labelled"
SETS = {"workplace": "workplace-polarity-handwritten", "lcc": "lcc-danish-polarity", "xed": "xed-polarity"}
MOODS = {"positive": Mood.GLAD, "negative": Mood.CRITICAL, "neutral": Mood.NEITHER}
LANGUAGES = ("da", "nb", "sv", "nl", "en")


def macro_f1(pairs: list[tuple[Mood, Mood]]) -> float:
    """The mean of F1 over the moods that occur among the labels; pairs of (label, judged)."""
    found = []
    for mood in {label for label, _judged in pairs}:
        right = sum(label == judged == mood for label, judged in pairs)
        said = sum(judged == mood for _label, judged in pairs)
        there = sum(label == mood for label, _judged in pairs)
        found.append(2 * right / (said + there) if said + there else 0.0)
    return sum(found) / len(found)


def measure(provider: Provider) -> None:
    for name, file in SETS.items():
        pairs: dict[str, list[tuple[Mood, Mood]]] = defaultdict(list)
        moment = time.perf_counter()
        lines = [
            json.loads(line) for line in (LABELLED / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        lines = [line for line in lines if line["lang"] in LANGUAGES]
        for line in lines:
            judged = provider.judge(line["text"], line["lang"]).mood
            pairs[line["lang"]].append((MOODS[line["polarity"]], judged))
        each = (time.perf_counter() - moment) / len(lines) * 1000
        figures = " · ".join(f"{lang} {macro_f1(pairs[lang]):.2f}" for lang in LANGUAGES if lang in pairs)
        undecided = Counter(judged for some in pairs.values() for _label, judged in some)[Mood.NEITHER]
        print(f"{provider.key:9} {name:10} {figures}   neither {undecided}/{len(lines)}   {each:.1f} ms each")


if __name__ == "__main__":
    measure(WordList())
    if nearest.is_installed():
        measure(NearestExamples())
    else:
        print("semantic  is not installed:  pip install 'torvet[semantic]'")
