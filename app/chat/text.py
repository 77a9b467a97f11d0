"""Text of documents and models made safe to show as Markdown in the chat."""

import re
from collections.abc import Callable

_CITATION = re.compile(r"\[(\d{1,4})\]")
# What Markdown would turn into links, images, code, HTML, strikethrough or directives. A
# report's sentence may hold any of it, by accident ("Scope 2:market", "~5 %") or on purpose.
# What stands behind a backslash already is switched off.
_ACTIVE = re.compile(r"(?P<off>\\[!-/:-@\[-`{-~])|[\[\]<`~\\]|:(?=[A-Za-z:{\[])")
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$&]|:(?=[A-Za-z:{\[])|^[-+]")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
# The client makes links of bare addresses after parsing, where a backslash no longer helps;
# an invisible joiner in the address does.
_ADDRESS = re.compile(r"(?<=https)(?=://)|(?<=http)(?=://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_JOINER = "\u2060"
# The chat client draws its blinking cursor where this character stands.
_CURSOR = "\u200b"


def safe_markdown(markdown: str, cite: Callable[[int], str | None]) -> str:
    """Keep an analyst's headings, lists and emphasis; switch everything active off.

    Each `[n]` becomes what `cite(n)` gives, or stays plain text where it gives None.
    """
    parts: list[str] = []
    position = 0
    for match in _CITATION.finditer(markdown):
        link = cite(int(match.group(1)))
        if link is None:
            continue
        parts += [_inert(markdown[position : match.start()]), link]
        position = match.end()
    parts.append(_inert(markdown[position:]))
    return "".join(parts)


def plain(text: str) -> str:
    """A document's sentence as one line of Markdown that shows exactly its characters."""
    line = _SPECIAL.sub(r"\\\g<0>", _without_addresses(" ".join(text.split())))
    return _NUMBERED.sub(r"\1\\\2", line)


def _inert(text: str) -> str:
    return _ACTIVE.sub(lambda m: m["off"] or f"\\{m[0]}", _without_addresses(text))


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(_JOINER, text.replace(_CURSOR, ""))
