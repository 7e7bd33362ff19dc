"""Plain text for previews."""


def excerpt(plain: str, length: int = 200) -> str:
    """The beginning of a plain text on one line, at most `length` characters with the dots, cut at a word."""
    line = " ".join(plain[: length * 8 + 1000].split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    if not line[length - 1].isspace():
        word = cut.rfind(" ")
        # One endless word: better half of it than nothing.
        cut = cut[:word] if word > length // 3 else cut
    return cut.rstrip(" ,.;:-–—") + "…"
