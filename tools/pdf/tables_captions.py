"""What stands over a table: its caption, and a unit that holds for all of it."""

import re
from collections.abc import Sequence

from tools.pdf.tables_headers import Header
from tools.pdf.tables_labels import Zone
from tools.pdf.tables_lines import Line
from tools.pdf.tables_tokens import is_unit_text

_CELL_GAP = 0.85
_STUB_HEADS = {"unit", "units", "metric", "metrics", "number", "and", "year", "total"}
"""Heads over labels and units that are no unit themselves."""


def lines_above(lines: Sequence[Line], header: Header) -> list[Line]:
    """Up to four lines right above a header, the nearest last."""
    found: list[Line] = []
    below = lines[header.first]
    for position in range(header.first - 1, max(-1, header.first - 5), -1):
        line = lines[position]
        if sum(a.is_value and a.gap > 0.85 for a in line.atoms) > 1:
            break
        if below.top - line.bottom > (4.0 if len(found) < 2 else 2.2) * max(
            line.height, below.height
        ):
            break
        found.append(line)
        below = line
    return list(reversed(found))


def _reads_as_prose(words: Sequence[str]) -> bool:
    """A line of running text rather than a title."""
    lower = sum(word[:1].islower() for word in words)
    return len(words) > 16 or words[-1].endswith(".") or (len(words) > 9 and lower > 6)


def unit_among(heads: Sequence[Line], header: Header) -> str:
    """A unit that stands in the header over all columns: "EMISSIONS (ton CO2eq)"."""
    for line in heads:
        text = " ".join(a.text for a in line.atoms if header.left_limit < a.x0 < header.right_limit)
        match = re.search(r"\(([^()]{1,40})\)\s*$", text)
        if match and is_unit_text(match[1].split()):
            return match[1].strip()
    return ""


def caption_of(
    lines: Sequence[Line], header: Header, zone: Zone, above: Sequence[Line], x1: float
) -> tuple[str, str]:
    """Words over the table and at the left of its header, and the unit among them."""
    stub = []
    for position in range(header.first, header.last + 1):
        stub += [
            a.text
            for a in lines[position].atoms
            if zone.x0 - 2 <= a.x0 and a.x1 <= zone.x1 and a.x1 < header.anchors[0].x0
        ]
    titles = titles_of(above, zone.x0, min(header.right_limit, x1))
    stub_text = " ".join(stub)
    unit = ""
    match = re.search(r"(?:\bin\s+|\()([^()]{1,60})\)?$", stub_text)
    if match and is_unit_text(match[1].split()):
        unit = match[1].strip()
    elif stub and is_unit_text(stub) and not set(stub_text.casefold().split()) <= _STUB_HEADS:
        unit = stub_text
    return " | ".join([*titles, stub_text]).strip(" |"), unit


def titles_of(above: Sequence[Line], x0: float, x1: float) -> list[str]:
    """The last three lines over a table that read as titles; cells of other tables left out."""
    titles = []
    for line in above:
        words: list[str] = []
        start = float("-inf")
        for atom in line.atoms:
            start = atom.x0 if atom.gap > _CELL_GAP else start
            if x0 - 8 <= start < x1:
                words.append(atom.text)
        if words and not _reads_as_prose(words):
            titles.append(" ".join(words))
    return titles[-3:]
