"""What a claim leans on: quotes that stand on their pages, and records that stand in quotes."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.domain import Claim, Evidence, KpiRecord
from tools.evidence.numbers import Style, parse_number, style_of
from tools.evidence.quotes import Span, locate, normalise, rows_text, stands_on
from tools.evidence.verify.mentions import Mentions, read_mentions
from tools.evidence.verify.outcome import NotBorneOutError, Outcome
from tools.pdf.page import PageRecord

PageOf = Callable[[str, int], PageRecord | None]
_AROUND = 300
_CLAUSE = 120
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_NEIGHBOURS = (0, -1, -2, -3, 1)


@dataclass(frozen=True, slots=True)
class Support:
    """A quote that stands on its page, with what surrounds it there."""

    evidence: Evidence
    text: str
    lead: str
    """What stands before the quote in its own sentence on the page."""
    around: str
    """The page's text around the quote, for headings that a quote stands under."""
    style: Style
    mentions: Mentions
    page_words: frozenset[str] = field(default_factory=frozenset, repr=False)


def supports(claim: Claim, page_of: PageOf) -> list[Support]:
    """The claim's quotes, each found on its page; raises where one is not."""
    if not claim.evidence:
        raise NotBorneOutError(Outcome.NO_EVIDENCE, "The claim names no place in a report.")
    return [_support(evidence, page_of) for evidence in claim.evidence]


def _support(evidence: Evidence, page_of: PageOf) -> Support:
    page = page_of(evidence.report, evidence.page)
    if page is None:
        raise NotBorneOutError(
            Outcome.PAGE_MISSING, f"Page {evidence.page} of the report cannot be opened."
        )
    span = stands_on(evidence.quote, page)
    if span is None:
        raise NotBorneOutError(
            Outcome.QUOTE_NOT_ON_PAGE, f"The quote does not stand on page {evidence.page}."
        )
    source = page.text if span.source == "text" else rows_text(page)
    style = page_style(page)
    return Support(
        evidence=evidence,
        text=evidence.quote,
        lead=_lead(source, span),
        around=source[max(0, span.start - _AROUND) : span.end + _AROUND],
        style=style,
        mentions=read_mentions(evidence.quote, style),
        page_words=frozenset(re.findall(r"\b[a-zäöüß]{3,}\b", page.text)),
    )


def _lead(source: str, span: Span) -> str:
    """The beginning of the clause that the quote is cut out of, "" where it begins one itself.

    A quote that begins with a capital at the start of a line begins a sentence.
    """
    before = source[max(0, span.start - _CLAUSE) : span.start]
    first = source[span.start : span.start + 1]
    if not first.islower() and (not before.strip() or before.rstrip(" ")[-1:] in "\r\n"):
        return ""
    return re.split(r"[.,;:!?()•–]\s", re.sub(r"\s+", " ", before))[-1]


def page_style(page: PageRecord) -> Style:
    """The decimal mark of a page, "point" where nothing tells."""
    return style_of(_NUMBER.findall(page.text)) or "point"


def claim_records(
    claim: Claim, records: Mapping[str, KpiRecord], page_of: PageOf
) -> list[KpiRecord]:
    """The records a claim is made from; raises where one is unknown or not on its page."""
    found = []
    for key in claim.kpis:
        record = records.get(key)
        if record is None:
            raise NotBorneOutError(
                Outcome.RECORD_MISSING, "A figure the claim is made from is not on record."
            )
        _check_record(record, page_of)
        found.append(record)
    return found


def _check_record(record: KpiRecord, page_of: PageOf) -> None:
    """The record's quote stands on its page and holds the printed value; its year is printed."""
    page = page_of(record.evidence.report, record.evidence.page)
    if page is None:
        raise NotBorneOutError(
            Outcome.PAGE_MISSING, f"Page {record.evidence.page} of the report cannot be opened."
        )
    if stands_on(record.evidence.quote, page) is None:
        raise NotBorneOutError(
            Outcome.RECORD_NOT_ON_PAGE,
            f"The figure's quote does not stand on page {record.evidence.page}.",
        )
    if locate(record.printed, record.evidence.quote) is None:
        raise NotBorneOutError(
            Outcome.RECORD_NOT_ON_PAGE, f"The figure {record.printed} is not in its quote."
        )
    read = [parse_number(record.printed, style) for style in ("point", "comma")]
    if not any(
        n is not None and abs(abs(n.value) - abs(record.value)) < 1e-9 * max(1.0, abs(record.value))
        for n in read
    ):
        raise NotBorneOutError(
            Outcome.RECORD_NOT_ON_PAGE,
            f"The figure {record.printed} as printed is not {record.value}.",
        )
    if not _year_printed(record, page_of):
        raise NotBorneOutError(
            Outcome.YEAR_NOT_BORNE_OUT,
            f"The year {record.year} is not printed on or near page {record.evidence.page}.",
        )


def _year_printed(record: KpiRecord, page_of: PageOf) -> bool:
    short = f"{record.year % 100:02d}"
    pattern = re.compile(
        rf"(?<!\d){record.year}(?!\d)|(?:FY|['’])\s?{short}(?!\d)|20\d\d\s?[/–-]\s?(?:20)?{short}(?!\d)"
    )
    for step in _NEIGHBOURS:
        page = page_of(record.evidence.report, record.evidence.page + step)
        if page is not None and (pattern.search(page.text) or pattern.search(rows_text(page))):
            return True
    return False


def said_verbatim(text: str, quotes: Iterable[str]) -> bool:
    """Whether a text is nothing but a stretch of one of the quotes."""
    plain = normalise(text).text.strip("'.,;:")
    return bool(plain) and any(locate(text.strip(" .,;:"), quote) is not None for quote in quotes)


def without_quoted(text: str, quotes: Sequence[str]) -> tuple[str, bool]:
    """The text without its “quoted” parts that are verbatim in the evidence, and if any was."""
    found = False

    def blank(match: re.Match[str]) -> str:
        nonlocal found
        if said_verbatim(match[1], quotes):
            found = True
            return " "
        return match[0]

    return re.sub(r"[“„\"]([^“”„\"]{4,})[”“\"]", blank, text), found
