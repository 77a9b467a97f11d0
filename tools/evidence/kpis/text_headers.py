"""Column headers in lines of text: years in a row, or one under the other."""

import re
from collections.abc import Sequence
from itertools import pairwise

from tools.evidence.kpis.columns import read_column
from tools.evidence.kpis.text_lines import TextLine, words_of
from tools.pdf.tables_tokens import HEADER_WORDS, is_unit_text, kind_of, year_of


def header_columns(words: list[str]) -> tuple[str, ...]:
    """Column headers of a line that ends with at least two years, or holds little else."""
    first = next((n for n, w in enumerate(words) if year_of(w) is not None), None)
    if first is None:
        return ()
    trailing = _trailing_years(words)
    between = words[-trailing:] if trailing > 1 else _without_notes(words[first:])
    *_, year, name = ["", "", *words[: len(words) - trailing]]
    if trailing > 1 and name.casefold() in _SHARES and year_of(year) is not None:
        between = [year, name, *between]
    years = [w for w in between if year_of(w) is not None]
    if len(years) < 2 or len(set(years)) < len(years) or between[-1].endswith((".", ",")):
        return ()
    plain = [w.casefold().strip("()[].,:;*%") for w in between if year_of(w) is None]
    unknown = [
        w
        for w in plain
        if w and w not in HEADER_WORDS and w not in _SHARES and not is_unit_text([w])
    ]
    numbers = [
        w
        for w in between
        if kind_of(w) == "number" and year_of(w) is None and not is_unit_text([w])
    ]
    others = len(words) - len(years)
    if numbers or len(unknown) > 3 or (trailing < 2 and others > 18):
        return ()
    columns: list[str] = []
    for word in between:
        kind = read_column(word).kind
        alone = not columns or read_column(columns[-1]).kind == "value"
        said = word.casefold() in _SHARES or (kind in ("change", "target") and alone)
        if year_of(word) is not None or said:
            columns.append(word)
    return tuple(columns)


_SHARES = frozenset({"share", "anteil"})
"""Head a column of shares beside the year they are of."""


def _without_notes(words: list[str]) -> list[str]:
    """The words up to the last of several years, where columns of references and notes follow.

    What follows is kept where it speaks of a change or a target.
    """
    years = [n for n, word in enumerate(words) if year_of(word) is not None]
    tail = words[years[-1] + 1 :]
    if len(years) < 3 or any(read_column(w).kind in ("change", "target") for w in tail):
        return words
    return words[: years[-1] + 1] if not any(w.isdigit() for w in tail) else words


def _trailing_years(words: list[str]) -> int:
    """How many years a line ends with."""
    count = 0
    for word in reversed(words):
        if year_of(word) is None:
            break
        count += 1
    return count


def stacked_years(lines: Sequence[TextLine], number: int) -> tuple[str, ...]:
    """Years on lines of their own, one under the other: counted at the last of them."""
    if not _lone_year(lines[number].text):
        return ()
    if number + 1 < len(lines) and _lone_year(lines[number + 1].text):
        return ()
    years: list[str] = []
    for line in reversed(lines[max(0, number - 9) : number + 1]):
        if not _lone_year(line.text):
            break
        years.insert(0, line.text.strip())
    return tuple(years) if len(set(years)) == len(years) > 1 else ()


def _lone_year(text: str) -> bool:
    return year_of(text.strip()) is not None


def continued_years(
    above: Sequence[str], words: Sequence[str], before: Sequence[str] = ()
) -> tuple[str, ...]:
    """Years of two lines that follow each other, where they run on in one direction.

    `before` are the words in front of the second line's years. Where these begin with the year
    the first line ends with, they say what the column of that year holds ("2022 2021" above
    "pro forma 2021 2020"): two columns of one year, of which only the second is plainly its.
    """
    columns = (*above, *words)
    years = [year for word in columns if (year := year_of(word)) is not None]
    if len(years) < len(columns) or not above or not words:
        return ()
    named = " ".join(before)
    twice = years[len(above) - 1] == years[len(above)]
    if twice and len(before) <= _FEW and re.search(r"[^\W\d_]{3}.*[^.,;:]$", named):
        columns = (*above[:-1], f"{above[-1]} {named}", *words)
        years.pop(len(above))
    steps = {one - other for one, other in pairwise(years)}
    return columns if steps in ({1}, {-1}) else ()


_FEW = 3
"""Words that say what a column holds."""


def broken_header(lines: Sequence[TextLine], number: int) -> tuple[tuple[str, ...], int]:
    """Columns of a header whose years stand on several lines, and the number of its last line.

    The first line may begin with other words ("Figures Unit 2023"); the others hold nothing but
    years and what is said of them in brackets ("2022", "(restated)", "(base year) 2021"). A
    digit glued to a year with such brackets below it is the mark of a note. ((), number) where
    no header of at least two lines begins here.
    """
    if number + 1 == len(lines) or not _GOES_ON.match(lines[number + 1].text):
        return (), number
    words = words_of(lines[number].text)
    first = len(words) - 1
    while first >= 0 and year_of(words[first]) is not None:
        first -= 1
    opens = bool(words) and words[-1].casefold() in _OPENS
    columns = list(words[first + 1 :])
    if (not columns and not opens) or lines[number].text.endswith((".", ",")):
        return (), number
    last = number
    for place in range(number + 1, min(number + _HEADER_LINES, len(lines))):
        following = lines[place + 1].text if place + 1 < len(lines) else ""
        found = _header_parts(lines[place].text, following)
        if not found or (not columns and found[0].startswith("(")):
            break
        for part in found:
            if part.startswith("("):
                columns[-1] = f"{columns[-1]} {part}"
            else:
                columns.append(part)
        last = place
    years = [year for column in columns if (year := year_of(column.split()[0])) is not None]
    if last == number or len(years) < 2 or len(set(years)) < len(years):
        return (), number
    return tuple(columns), last


_GOES_ON = re.compile(r"\(|\W?\w{0,2}\s?\W?\d\d.{0,60}$")
"""A quick look at what may be a further line of a header."""
_OPENS = frozenset({"unit", "units", "einheit", "uom"})
_HEADER_LINES = 9
_BRACKETED = re.compile(r"\([A-Za-z][^()\d]{2,24}\)\*?(?:\d(?= |$))?")
_MARKED_YEAR = re.compile(r"((?:19[89]|20[0-6])\d)\d")


def _header_parts(text: str, following: str) -> list[str]:
    """Years and bracketed words of a line that holds nothing else, () where it holds more."""
    brackets = [re.sub(r"\W*\d?$", ")", found) for found in _BRACKETED.findall(text)]
    plain = _BRACKETED.sub(" () ", text)
    found: list[str] = []
    for word in words_of(plain):
        marked = _MARKED_YEAR.fullmatch(word)
        if word == "()":
            found.append(brackets.pop(0))
        elif year_of(word) is not None:
            found.append(word)
        elif marked and _BRACKETED.match(following.strip()):
            found.append(marked[1])
        else:
            return []
    return found


def sub_columns(columns: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    """Columns of years that each stand over the same names ("Group Europe Asia").

    The line below the years repeats the names once for every year. What follows the last of them
    is a column of its own; () where the line does no such thing.
    """
    count = len(columns)
    if any(year_of(column) is None for column in columns):
        return ()
    below = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", " ".join(below)).split()
    for size in range(len(below) // count, 1, -1):
        for start in range(min(3, len(below) - size * count + 1)):
            names = below[start : start + size]
            repeated = below[start : start + size * count]
            if repeated != names * count or len(set(names)) < size:
                continue
            if all(re.search(r"[^\W\d_]{2}", name) for name in names):
                rest = below[start + size * count :]
                found = [f"{column} {name}" for column in columns for name in names]
                return (*found, *(["other"] if rest else []))
    return ()
