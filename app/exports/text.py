"""Text for formats that are not Markdown."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LEAD = re.compile(r"^\s*(?:#{1,6}\s+|[-*+]\s+|>\s?)")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>~#|!()])")
_EMPHASIS = re.compile(r"(?<!\\)(?:\*\*|\*|`)")


def flat(text: str) -> str:
    """The text on one line without characters that XML forbids."""
    return " ".join(_CONTROL.sub("", text).split())


def without_markup(line: str) -> str:
    """A line of Markdown as plain words: no heading sign, bullet, emphasis or escape."""
    return flat(_ESCAPED.sub(r"\1", _EMPHASIS.sub("", _LEAD.sub("", line))))
