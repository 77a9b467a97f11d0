"""Text of documents and users made safe for Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*\[\]<~]|(?<!\w)_|_(?!\w))")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>`]+|[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE)
_LINK = re.compile(r"(\])(\(|\[)")
_LINK_DEFINITION = re.compile(r"^(\s{0,3})\[(?=[^\]]+\]:)")
_TRAILING = ".,;:!?)"


def escape(text: str) -> str:
    """The text on one line, shown as it is: no markup, image, HTML or live link comes of it.

    Addresses become code spans, so that no renderer turns one of a document into a link, and
    square brackets are escaped, so that none is taken for a citation mark.
    """
    flat = " ".join(text.split())
    parts: list[str] = []
    at = 0
    for match in _ADDRESS.finditer(flat):
        address = match.group().rstrip(_TRAILING)
        parts += [_SPECIAL.sub(r"\\\1", flat[at : match.start()]), f"`{address}`"]
        at = match.start() + len(address)
    parts.append(_SPECIAL.sub(r"\\\1", flat[at:]))
    return "".join(parts)


def escape_cell(text: str) -> str:
    """As `escape`, for a cell of a pipe table."""
    return escape(text).replace("|", r"\|")


def defuse(markdown: str) -> str:
    """Markdown that others wrote with its structure kept and everything active taken out.

    Headings, lists and emphasis stay; HTML, images, links and link definitions are shown as
    text, addresses become code spans.
    """
    return "\n".join(_defuse_line(line) for line in markdown.splitlines())


def _defuse_line(line: str) -> str:
    line = _LINK_DEFINITION.sub(r"\1\\[", line)
    line = _LINK.sub(r"\1\\\2", line).replace("<", r"\<")
    parts: list[str] = []
    at = 0
    for match in _ADDRESS.finditer(line):
        address = match.group().rstrip(_TRAILING)
        before = line[: match.start()]
        quoted = before.count("`") % 2 == 1
        parts += [line[at : match.start()], address if quoted else f"`{address}`"]
        at = match.start() + len(address)
    return "".join([*parts, line[at:]])
