"""Text for formats that are not Markdown."""

import re
from collections.abc import Iterator
from typing import Literal

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LEAD = re.compile(r"^\s*(?:#{1,6}\s+|[-*+]\s+|>\s?)")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>~#|!()])")
_EMPHASIS = re.compile(r"(?<!\\)(?:\*\*|\*|`)")

WrittenKind = Literal["heading", "point", "text"]


def flat(text: str) -> str:
    """The text on one line without characters that XML forbids."""
    return " ".join(_CONTROL.sub("", text).split())


def without_markup(line: str) -> str:
    """A line of Markdown as plain words: no heading sign, bullet, emphasis or escape."""
    return flat(_ESCAPED.sub(r"\1", _EMPHASIS.sub("", _LEAD.sub("", line))))


def written_lines(markdown: str) -> Iterator[tuple[WrittenKind, str]]:
    """The lines of written Markdown as plain words with what each is."""
    for line in markdown.splitlines():
        words = without_markup(line)
        if not words:
            continue
        if line.startswith("#"):
            yield "heading", words
        elif line.lstrip().startswith(("- ", "* ", "+ ")):
            yield "point", words
        else:
            yield "text", words


def numbered(text: str, number: int | None, *, first: bool) -> str:
    """A point with its citation number before or behind it."""
    if number is None:
        return flat(text)
    return f"[{number}] {flat(text)}" if first else f"{flat(text)} [{number}]"
