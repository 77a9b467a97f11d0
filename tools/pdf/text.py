"""Cleans page text without touching a figure."""

import re

_LINE_END_HYPHEN = re.compile(r"[\ufffe\u0002\u00ad]\s*\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\u200b\ud800-\udfff]")


def clean_text(raw: str) -> str:
    """Unix line ends, words joined where pdfium marks a line-end hyphen, no control characters."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = _LINE_END_HYPHEN.sub("", text)
    return _CONTROL.sub("", text)
