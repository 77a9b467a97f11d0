"""Readable sentences of a page, each with its place in the page's text.

Report pages mix running text with headings, menus, tables and captions. Lines are joined to
paragraphs where the wording and, if the page's rows are known, the geometry say that they
belong together; what is left after the readability rules is prose a person would quote.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tools.evidence.sentence_lines import Line, fills_column, page_lines
from tools.evidence.sentence_rules import is_readable, sentence_spans
from tools.pdf.page import PageRecord

_MIN_REPEATS = 3
_PARAGRAPH = 2
"""Lines from which a block is a paragraph, not a label."""
_DIGITS = re.compile(r"\d+")
_RAISED = re.compile(r"(?<!\b[ckm]m)(?<!\bm)(?<!CO)(?<!ft)[⁰¹²³⁴-⁹]+⁾?")
_TERMINAL = re.compile(r"[.!?:;][\"'”’»)\]]?\s*[\d⁰¹²³⁴-⁹]{0,2}⁾?$")
_OPEN_END = re.compile(
    r"(?:[,;–/&(-]|\b(?:a|an|and|as|at|by|for|from|in|into|is|its|of|on|or|our|per|the|their|to|"
    r"was|were|which|with|are|has|have|that|this|these|und|der|die|das|von|mit|für|im|in|zu))$",
    re.IGNORECASE,
)
_NEW_START = re.compile(
    r"(?:We|The|Our|In|This|These|For|As|At|By|With|To|It|A|An|All|There|During|Since|Through|"
    r"However|Furthermore|Moreover|Since|Wir|Der|Die|Das|Im|Für)\s"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of prose.

    `text` is on one line and without footnote marks; `start` and `end` are character offsets
    into the page's `PageRecord.text`, so the quote there is verbatim. `section` is the nearest
    heading above it, "" where none was seen.
    """

    page: int
    text: str
    start: int
    end: int
    section: str = ""


def furniture(pages: Sequence[PageRecord]) -> frozenset[str]:
    """Lines that stand on many pages (running heads, menus, footers), digits blanked."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({furniture_key(line) for line in page.text.split("\n") if len(line) < 160})
    least = max(_MIN_REPEATS, round(0.04 * len(pages)))
    return frozenset(key for key, count in seen.items() if key and count >= least)


def furniture_key(line: str) -> str:
    """The form in which two running heads with other page numbers are the same."""
    return " ".join(_DIGITS.sub("0", line).split()).casefold()


def page_sentences(page: PageRecord, repeated: frozenset[str] = frozenset()) -> list[Sentence]:
    """Readable sentences of one page in reading order.

    `repeated` are the keys of `furniture` for the whole report; their lines are left out.
    """
    lines = [
        line
        for line in page_lines(page)
        if furniture_key(line.text) not in repeated or _ends_sentence(line.text)
    ]
    found: list[Sentence] = []
    section = ""
    broken_off = False
    for block in _blocks(lines):
        if _is_heading(block):
            section = " ".join(line.text for line in block)
            continue
        start, end = block[0].start, block[-1].end
        spans = list(sentence_spans(page.text, start, end))
        if broken_off and not block[0].bullet:
            spans = spans[1:]
        broken_off = _breaks_off(block)
        for left, right in spans:
            text, sound = _clean(page.text[left:right], block)
            if sound and is_readable(text):
                found.append(Sentence(page.number, text, left, right, section))
    return found


def _breaks_off(block: Sequence[Line]) -> bool:
    """The paragraph stops inside a sentence, so the next one begins inside it."""
    last = block[-1]
    if len(block) < _PARAGRAPH or last.bullet or last.tabular or block[0].bullet:
        return False
    return not _TERMINAL.search(last.text) and fills_column(block, len(block) - 1)


def _ends_sentence(text: str) -> bool:
    return len(text) > 60 and text.endswith(".")


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for index, line in enumerate(lines):
        if blocks and _continues(lines, index):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _continues(lines: Sequence[Line], index: int) -> bool:
    """Whether the line at `index` belongs to the paragraph of the line before it."""
    before, line = lines[index - 1], lines[index]
    if line.bullet or line.tabular or before.tabular:
        return False
    if before.height and line.height and abs(before.height - line.height) > 0.09 * before.height:
        return False
    if _TERMINAL.search(before.text):
        return not before.text.endswith(":") and not _gap(before, line)
    if line.text[0].islower() or _OPEN_END.search(before.text):
        return not _gap(before, line) or _column_step(before, line)
    if _NEW_START.match(line.text) or _gap(before, line):
        return False
    return fills_column(lines, index - 1)


def _gap(before: Line, line: Line) -> bool:
    """White space between the two lines that a paragraph does not have."""
    if not (before.height and line.height):
        return False
    step = line.top - before.top
    return step > 2.1 * before.height or step < -0.5 * before.height


def _column_step(before: Line, line: Line) -> bool:
    """The text goes on at the head of the next column."""
    return line.top < before.top and line.x0 > before.x0 + 40


def _is_heading(block: Sequence[Line]) -> bool:
    text = " ".join(line.text for line in block)
    return (
        len(block) <= 2
        and 2 < len(text) < 90
        and not _TERMINAL.search(text)
        and not block[0].tabular
        and not block[0].bullet
        and text[0].isupper()
        and sum(c.isalpha() or c == " " for c in text) > 0.85 * len(text)
    )


def _clean(text: str, block: Sequence[Line]) -> tuple[str, bool]:
    """One line without footnote marks; false where a mark is stuck to a figure.

    Such a figure reads as another number in the page's text, so it must not be quoted.
    """
    marks = {glued: word for line in block for glued, word in line.glued}
    tokens = _RAISED.sub("", text).split()
    sound = not any(token in marks and marks[token][-1:].isdigit() for token in tokens)
    return " ".join(marks.get(token, token) for token in tokens), sound
