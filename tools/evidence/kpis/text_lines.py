"""A page's text line by line and word by word, with what reading order glues together mended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tools.pdf.tables_tokens import is_unit_text, kind_of, year_of

_YEAR = r"(?:19[89]|20[0-6])\d"
_TONS = r"(?:t|tons?|tonnes?)\b"
_MASS = rf"(?:metric )?{_TONS}"


def _closed_up(match: re.Match[str]) -> str:
    """A number printed with a space between its digits ("1 3 , 2 9 1")."""
    return match[0].replace(" ", "")


_REPAIRS = (
    (
        re.compile(
            r"\b(t ?CO|CO) ?([2₂]) ?(-?e(?:q\b\.?)?)?(?=$|[\s/),;]|[A-Z]|(?<=e)\d{1,3}[.,]\d)"
        ),
        r"\1\2\3 ",
    ),
    (re.compile(rf"(?<!\d)({_YEAR})\d({_YEAR})(?!\d)"), r"\1 \2"),
    (re.compile(rf"(?<![\d.,])({_YEAR})\(\d{{1,2}}\)"), r"\1"),
    (re.compile(r"(?<!\S)(?<![Ss]cope )\d(?: \d){0,2}(?: , \d \d \d)+(?!\S)"), _closed_up),
    (re.compile(r"(?<=\d) (?=,\d{3}(?!\d))"), ""),
    (
        re.compile(r"\b([Ss]cope (?:(?=2[124-9])2|(?=3[1-9])3|(?=1[14-9])1))\d(?![\d.,]|\s?%)"),
        r"\1",
    ),
    (re.compile(r"(?<=[a-z]-based)(?=[A-Za-z])|(?<=[Mm]ethod)(?=metric\b|[kKM]?t\b)"), " "),
    (re.compile(rf"(?<=[a-z])(?=metric {_TONS})"), " "),
    (re.compile(rf"(?<=[a-z)])({_YEAR})(?=\D|$)"), r" \1"),
    (re.compile(r"(?<=[\da-z])(?=FY ?[’'`]?(?:20)?\d\d(?!\d))"), " "),
    (re.compile(r"\bFY (?=[’'`]?(?:20)?\d\d(?![\d.,]))"), "FY"),
    (re.compile(r"(?<=[a-z]{3})(?=(?:Direct|Indirect|Scope|Total|Market|Location)\b)"), " "),
    (re.compile(r"[✓✔☑✗◊◆●■▲▼]"), " "),
    (re.compile(r"(?<=[.,]\d{3})\((?:\d{1,2}|[a-z])\)(?=\s|$)"), ""),
    (re.compile(rf"(?<=[A-Za-z)])(?=1[.,’'`]?000 ?{_MASS})"), " "),
    (re.compile(rf"(?<=[Ss]cope [123])(?=1[.,’'`]?000 ?{_MASS})"), " "),
    (
        re.compile(
            r"(?<=\d)(?=[A-Z][a-z]{2})|(?<=\))(?=[\dA-Za-z])|(?<=[a-z])(?=\d{1,3}[.,]\d{3})"
        ),
        " ",
    ),
    (re.compile(r"(?<=[a-z)])\d{1,2}(?=[A-Z]{1,3}[a-z]?\b)"), " "),
    (re.compile(r"-\s+(?=based)"), "-"),
)
"""What reading order glues together: notes, years and units that stand in cells side by side."""
_MARKS = re.compile(r"\(?\d{1,2}\)(?:,? ?\(?\d{1,2}\))*")
"""Nothing but marks of notes, which stand raised behind the line above."""
_YEARS = re.compile(rf"(?<![\d.,])(?:{_YEAR}){{2,}}(?!\d)")
_OPEN_GAS = re.compile(r"\bC[Oo]$")
_SCOPE = re.compile(r"\bscope [123]$", re.IGNORECASE)
_GAS_INDEX = re.compile(r"^[2₂](?!\d)")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the text with the offsets it was read from."""

    text: str
    start: int
    end: int


def text_lines(text: str) -> list[TextLine]:
    """The lines of a text with their character offsets; those blank or of marks are left out.

    A line that ends inside the sign CO2 goes on with the next one, and a label whose values stand
    on lines of their own below it becomes one line with them.
    """
    lines: list[TextLine] = []
    position = 0
    for part in text.split("\n"):
        line = TextLine(part.strip(), position, position + len(part))
        position += len(part) + 1
        if not line.text or _MARKS.fullmatch(line.text):
            continue
        if lines and _OPEN_GAS.search(lines[-1].text) and _GAS_INDEX.match(line.text):
            lines[-1] = _joined([lines[-1], line], "")
        else:
            lines.append(line)
    return _with_stacked_values(lines)


def _joined(lines: Sequence[TextLine], mark: str = " ") -> TextLine:
    return TextLine(mark.join(line.text for line in lines), lines[0].start, lines[-1].end)


def _with_stacked_values(lines: list[TextLine]) -> list[TextLine]:
    """Labels joined with their values, where two labels or more have equally many under them.

    One label alone tells nothing: the numbers may be those of several labels above each other.
    """
    found: list[TextLine] = []
    position = 0
    while position < len(lines):
        blocks = _blocks(lines, position)
        if len(blocks) > 1:
            found += [_joined(lines[start:end]) for start, end in blocks]
            position = blocks[-1][1]
        else:
            found.append(lines[position])
            position += 1
    return found


def _blocks(lines: Sequence[TextLine], start: int) -> list[tuple[int, int]]:
    """Labels from here on, each with the same number of values right below it."""
    found: list[tuple[int, int]] = []
    while start < len(lines) and _is_label(lines[start].text):
        end = start + 1
        while end < len(lines) and _is_value(lines[end].text):
            end += 1
        if end - start < 3 or (found and end - start != found[0][1] - found[0][0]):
            break
        found.append((start, end))
        start = end
    if start < len(lines) and _is_value(lines[start].text):
        return []
    return found


def _is_label(text: str) -> bool:
    words = text.split()
    return bool(
        len(text) < 110
        and re.search(r"[^\W\d_]{4}", text) is not None
        and (_SCOPE.search(text) or kind_of(words[-1]) not in ("number", "blank", "year"))
        and not is_unit_text(words)
    )


def _is_value(text: str) -> bool:
    return kind_of(text) in ("number", "blank") and year_of(text) is None


@lru_cache(maxsize=2_000)
def words_of(text: str) -> list[str]:
    """The words of a line with what is glued together taken apart; not to be changed."""
    text = _YEARS.sub(lambda run: " ".join(re.findall(r"\d{4}", run[0])), text)
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return text.split()
