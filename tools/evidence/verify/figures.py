"""Claims made from KPI records: each number is a record's value, its year, or their change."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.domain import KpiRecord
from tools.evidence.kpis.catalogue import catalogue
from tools.evidence.verify.agreement import directions
from tools.evidence.verify.counts import check_counts, check_order
from tools.evidence.verify.mentions import Mentions, Quantity, read_mentions
from tools.evidence.verify.outcome import NotBorneOutError, Outcome
from tools.evidence.verify.prose import check_number
from tools.evidence.verify.support import Support, without_quoted
from tools.evidence.verify.values import Pair, check_value, is_change, pairs, record_scope
from tools.evidence.verify.vocabulary import Mark, vocabulary
from tools.evidence.verify.words import (
    check_common_words,
    check_contrasts,
    check_names,
    stems,
)

_CANDIDATE = re.compile(r"^\s*candidate\b[^:]*:\s*", re.IGNORECASE)
_BEHIND = re.compile(r"^[^\w(]*\(\s*$")


@dataclass(frozen=True, slots=True)
class Figures:
    """The records of a claim with the names of the companies they are of."""

    records: tuple[KpiRecord, ...]
    names: Mapping[str, tuple[str, ...]]
    """Names of a report's company, by the report's sha256."""
    companies: int
    """How many companies the analysis has; 0 where that is not known."""

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Two years of one measure of one report, the later first."""
        return pairs(self.records)


def check_figures(text: str, figures: Figures, supports: Sequence[Support]) -> None:
    """Raise NotBorneOutError unless the records (and quotes) bear out the whole text."""
    _check_candidates(text, figures.records)
    rest, _ = without_quoted(_CANDIDATE.sub("", text), [s.text for s in supports])
    mentions = read_mentions(rest)
    companies = _company_marks(rest, figures)
    for number in mentions.quantities:
        _check_number(number, mentions, figures, companies, supports)
    _check_years(mentions, figures, supports)
    _check_scopes(mentions, figures, supports)
    _check_basis(rest, figures, supports)
    _check_subject(rest, figures, supports)
    _check_directions(mentions, figures, companies, supports)
    check_counts(_without_names(rest, companies), figures.pairs, figures.records, figures.companies)
    check_order(mentions, figures.records)
    _check_words(rest, figures, supports)


def _check_candidates(text: str, records: Sequence[KpiRecord]) -> None:
    if any(r.status == "candidate" for r in records) and "candidate" not in text.casefold():
        raise NotBorneOutError(
            Outcome.CANDIDATE_SHOWN_AS_FACT,
            "The figure was found one way only, and the claim does not say so.",
        )


def _company_marks(text: str, figures: Figures) -> list[Mark]:
    """Where the text names the company of a cited report; values are report ids."""
    marks: list[Mark] = []
    for report in dict.fromkeys(r.evidence.report for r in figures.records):
        for name in sorted(figures.names.get(report, ()), key=len, reverse=True):
            pattern = rf"(?<![\w&]){re.escape(name)}(?![\w&])"
            for match in re.finditer(pattern, text, re.IGNORECASE):
                if not any(m.start <= match.start() < m.end for m in marks):
                    marks.append(Mark(match.start(), match.end(), report))
    return sorted(marks, key=lambda m: m.start)


def _without_names(text: str, marks: Sequence[Mark]) -> str:
    """The text with company names blanked, for names that begin with a number word."""
    for mark in marks:
        text = text[: mark.start] + "~" * (mark.end - mark.start) + text[mark.end :]
    return text


def _company_of(number: Quantity, text: str, marks: Sequence[Mark]) -> str | None:
    """The report whose company a number is said of: "12 t (A)", else the last name before it."""
    for mark in marks:
        if mark.start >= number.end and _BEHIND.match(text[number.end : mark.start]):
            return mark.value
    before = [m for m in marks if m.end <= number.start]
    if before:
        return before[-1].value
    return marks[0].value if marks else None


def _check_number(
    number: Quantity,
    mentions: Mentions,
    figures: Figures,
    companies: Sequence[Mark],
    supports: Sequence[Support],
) -> None:
    report = _company_of(number, mentions.text, companies)
    failures: list[NotBorneOutError] = []
    for record in figures.records:
        try:
            check_value(number, mentions, record, report)
        except NotBorneOutError as failure:
            failures.append(failure)
            continue
        return
    for pair in figures.pairs:
        if is_change(number, mentions, pair, report):
            return
    try:
        check_number(number, mentions, supports)
    except NotBorneOutError as failure:
        near = [f for f in failures if f.verification.outcome is not Outcome.NUMBER_NOT_BORNE_OUT]
        raise (near[0] if near else failure) from failure


def _check_years(mentions: Mentions, figures: Figures, supports: Sequence[Support]) -> None:
    known = {r.year for r in figures.records}
    known |= {y.value for s in supports for y in s.mentions.years}
    plain = {r.year for r in figures.records}
    for year in mentions.years:
        if year.value == 0:
            continue
        odd = year.role == "plain" and year.value not in plain
        alone = year.role != "plain" and not figures.pairs and year.value in plain
        if year.value not in known or odd or alone:
            raise NotBorneOutError(
                Outcome.YEAR_NOT_BORNE_OUT, f"No cited figure is of {year.value}."
            )


def _check_scopes(mentions: Mentions, figures: Figures, supports: Sequence[Support]) -> None:
    own = {scope for r in figures.records if (scope := record_scope(r))}
    printed = {m.value for s in supports for m in s.mentions.scopes}
    for mark in mentions.scopes:
        if mark.value not in own | (set() if own else printed) and not _union(mark.value, own):
            raise NotBorneOutError(
                Outcome.SCOPE_NOT_BORNE_OUT, f"No cited figure is of Scope {mark.value}."
            )
    if own and not mentions.scopes and not re.search(r"\bdirect|indirect", mentions.text, re.I):
        raise NotBorneOutError(Outcome.AMBIGUOUS, "The claim does not say which scope it is of.")


def _union(said: str, own: set[str]) -> bool:
    """Scopes said together ("Scope 1 and 2 …") where each is on record by itself."""
    parts = said.split("+")
    return len(parts) > 1 and all(part in own for part in parts)


def _check_basis(text: str, figures: Figures, supports: Sequence[Support]) -> None:
    evidence = " ".join(
        [s.text for s in supports] + [f"{r.label} {r.section}" for r in figures.records]
    )
    printed: set[str | None] = {r.basis for r in figures.records}
    if None in printed:
        printed |= {m.value for m in vocabulary().contrasts("basis", evidence)}
    for mark in vocabulary().contrasts("basis", text):
        if mark.value not in printed:
            raise NotBorneOutError(
                Outcome.BASIS_NOT_BORNE_OUT, f"No cited figure is {mark.value}-based."
            )


def _check_subject(text: str, figures: Figures, supports: Sequence[Support]) -> None:
    words = vocabulary()
    said = words.subjects(text)
    own = frozenset().union(*(words.subjects_of(r.kpi) for r in figures.records))
    printed = words.subjects(" ".join(s.text for s in supports))
    if said - own - printed or not said & own:
        raise NotBorneOutError(
            Outcome.SUBJECT_NOT_BORNE_OUT, "The claim is about something else than its figures."
        )
    for record in figures.records:
        needed = words.need_patterns.get(record.kpi)
        if needed is not None and not needed.search(text):
            raise NotBorneOutError(
                Outcome.AMBIGUOUS, f"The claim does not say plainly that it is of {record.kpi}."
            )


def _check_directions(
    mentions: Mentions,
    figures: Figures,
    companies: Sequence[Mark],
    supports: Sequence[Support],
) -> None:
    """Direction words agree with the two years on record, or stand in a quote."""
    printed = {m.value for s in supports for m in directions(s.mentions)}
    for mark in directions(mentions):
        pairs = figures.pairs
        before = [m for m in companies if m.end <= mark.start]
        if before and len({m.value for m in companies}) > 1:
            pairs = tuple(p for p in pairs if p.now.evidence.report == before[-1].value)
        known = {p.direction for p in pairs} if pairs else printed
        if mark.value not in known:
            raise NotBorneOutError(
                Outcome.DIRECTION_NOT_BORNE_OUT,
                f"“{mentions.text[mark.start : mark.end]}” is not borne out by the figures.",
            )


def _check_words(text: str, figures: Figures, supports: Sequence[Support]) -> None:
    words = vocabulary()
    printed = [s.text for s in supports]
    about = [
        " ".join(
            [
                r.kpi.replace("_", " "),
                _title(r.kpi),
                *(r.label, r.section, r.boundary, r.unit, r.unit_printed, *r.flags),
                f"{r.basis}-based" if r.basis else "",
            ]
        )
        for r in figures.records
    ]
    names = [name for known in figures.names.values() for name in known]
    cited = {r.evidence.report for r in figures.records}
    own_names = [n for report in cited for n in figures.names.get(report, ())]
    evidence = " \n".join([*printed, *about])
    known = stems([*printed, *about, *own_names])
    page_words = frozenset().union(*(s.page_words for s in supports)) if supports else frozenset()
    check_names(text, known, page_words)
    skip = ("bound", "basis", "order", "quantity")
    check_contrasts(text, evidence, skip=skip)
    negated = words.negations(text)
    if negated and not words.negations(" ".join(printed)) and not _counted(text):
        raise NotBorneOutError(
            Outcome.NEGATION_DIFFERS, "The claim is negative, its figures are not."
        )
    check_common_words(text, known | stems(names), most=0.0)


def _title(kpi: str) -> str:
    """The catalogue's name of a KPI, "" for an id it does not have."""
    entry = catalogue().by_id.get(kpi)
    return entry.title if entry else ""


def _counted(text: str) -> bool:
    """ "fell at none of the companies" counts, it does not deny."""
    return re.search(r"\bat (?:none|no) ", text) is not None
