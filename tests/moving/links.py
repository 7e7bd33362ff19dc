"""An independent look at a folder of Markdown: which relative links lead to a file that is there."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

INLINE = re.compile(
    r"(?<!!)\[(?:[^\[\]]|\[[^\[\]]*\]|!\[[^\]]*\]\([^)]*\))*\]\(\s*<?([^()<>\s]+(?:\([^()\s]*\))?[^()<>\s]*)>?"
)
REFERENCE = re.compile(r"^ {0,3}\[[^\]^]+\]:\s*<?(\S+?)>?\s*$", re.M)
FENCED = re.compile(r"^[ \t>]*(`{3,}|~{3,})[^\n]*\n.*?^[ \t>]*\1[ \t]*$", re.M | re.S)
TICKS = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
COMMENT = re.compile(r"<!--.*?-->", re.S)


def relative_links(path: Path) -> list[tuple[str, str, str]]:
    """(file, target, file it leads to) of every link written as a relative path to what the archive holds."""
    archive = zipfile.ZipFile(path)
    names = {unicodedata.normalize("NFC", name) for name in archive.namelist()}
    folders = {str(parent) for name in names for parent in PurePosixPath(name).parents}
    found = []
    for name in sorted(names):
        if not name.endswith((".md", ".mdx")):
            continue
        text = archive.read(name).decode("utf-8")
        if re.search(r"^draft:\s*true", text, re.M):
            continue
        text = TICKS.sub("", FENCED.sub("", COMMENT.sub("", text)))
        for target in INLINE.findall(text) + REFERENCE.findall(text):
            if re.match(r"[a-z][a-z+.-]*:|//|#|\?|/", target, re.I):
                continue
            bare = unicodedata.normalize("NFC", unquote(target.partition("#")[0].partition("?")[0]))
            leads = led_to(PurePosixPath(name).parent, bare, names, folders)
            if leads:
                found.append((name, target, leads))
    return found


def led_to(folder: PurePosixPath, target: str, names: set[str], folders: set[str]) -> str:
    """The file that is meant, "" when there is none."""
    parts: list[str] = list(folder.parts)
    for part in target.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    whole = "/".join(parts)
    for end in ("", ".md", ".mdx", "/index.md", "/index.mdx", "/README.md", "/readme.md"):
        if (whole + end).lstrip("/") in names:
            return (whole + end).lstrip("/")
    return f"{whole}/" if whole in folders else ""
