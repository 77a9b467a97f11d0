"""Column headers in lines of text: years in a row, or one under the other."""

import re
from collections.abc import Sequence
from itertools import pairwise

from tools.evidence.kpis.columns import read_column
from tools.evidence.kpis.text_lines import TextLine
from tools.pdf.tables_tokens import HEADER_WORDS, is_unit_text, kind_of, year_of


def header_columns(words: list[str]) -> tuple[str, ...]:
    """Column headers of a line that ends with at least two years, or holds little else."""
    first = next((n for n, w in enumerate(words) if year_of(w) is not None), None)
    if first is None:
        return ()
    trailing = _trailing_years(words)
    between = words[-trailing:] if trailing > 1 else _without_notes(words[first:])
    years = [w for w in between if year_of(w) is not None]
    if len(years) < 2 or len(set(years)) < len(years) or between[-1].endswith((".", ",")):
        return ()
    plain = [w.casefold().strip("()[].,:;*%") for w in between if year_of(w) is None]
    unknown = [w for w in plain if w and w not in HEADER_WORDS and not is_unit_text([w])]
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
        if year_of(word) is not None or (
            kind in ("change", "target")
            and not (columns and read_column(columns[-1]).kind != "value")
        ):
            columns.append(word)
    return tuple(columns)


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


def continued_years(above: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """Years of two lines that follow each other, where they run on in one direction."""
    columns = (*above, *words)
    years = [year for word in columns if (year := year_of(word)) is not None]
    if len(years) < len(columns):
        return ()
    steps = {one - other for one, other in pairwise(years)}
    return columns if steps in ({1}, {-1}) else ()


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
