"""The evidence a model is shown: short ids, one line an item, within a number of tokens.

The model sees ids and text only. Page, quote and report stay here and are attached by code.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.analyst.wording import is_group_wide, phrase, reported, subject
from agent.domain import (
    Claim,
    CompanyAnalysis,
    Evidence,
    KpiRecord,
    Material,
    Passage,
    Target,
)
from agent.models.tokens import estimate_tokens
from agent.prompts.hygiene import clean_line, reads_as_instruction

_LONGEST_PASSAGE = 480
"""Characters of a passage that are shown; its quote stays whole."""
CANDIDATE = "candidate, not confirmed a second way"
"""Ends the line of a figure that was found one way only."""
_YEARS_A_FIGURE = 2
_ID_TOKENS = 6
_FIGURE_SHARE = 0.4
"""Part of the room that figures and targets may take together, before any passage."""


@dataclass(frozen=True)
class Item:
    """One line of evidence and the places behind it."""

    id: str
    line: str
    company: str
    evidence: tuple[Evidence, ...]
    kpis: tuple[str, ...] = ()

    @property
    def candidate(self) -> bool:
        """Whether it is a figure that was found one way only."""
        return self.line.endswith(CANDIDATE)


@dataclass
class EvidenceSheet:
    """Everything a model may cite in one call, in the order it is shown."""

    items: dict[str, Item] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """Lines that tell and cannot be cited."""
    tokens: int = 0

    @property
    def companies(self) -> tuple[str, ...]:
        """The companies with evidence, in order."""
        return tuple(dict.fromkeys(item.company for item in self.items.values()))

    @property
    def text(self) -> str:
        """The sheet as the model reads it; with several companies, a part for each."""
        several = len(self.companies) > 1
        lines: list[str] = []
        for company in self.companies:
            if several:
                lines.append(f"\n{company}")
            own = (item for item in self.items.values() if item.company == company)
            lines += [f"{item.id} | {item.line}" for item in own]
        return "\n".join([*lines, *self.notes]).strip()

    def within(self, limit: int, first: Iterable[str] = ()) -> "EvidenceSheet":
        """The part of the sheet that fits into `limit` tokens, those named `first` before all.

        Ids and order stay as they are.
        """
        room = limit
        kept: set[str] = set()
        for name in dict.fromkeys([*(i for i in first if i in self.items), *self.items]):
            room -= estimate_tokens(self.items[name].line) + _ID_TOKENS
            if room < 0:
                break
            kept.add(name)
        return EvidenceSheet({k: item for k, item in self.items.items() if k in kept})

    def add(
        self,
        kind: str,
        line: str,
        company: str,
        evidence: tuple[Evidence, ...],
        kpis: tuple[str, ...] = (),
        *,
        limit: int,
    ) -> bool:
        """Add an item under the next id of its kind; False where it no longer fits in."""
        shown = clean_line(line)
        cost = estimate_tokens(shown) + _ID_TOKENS
        if not shown or reads_as_instruction(shown) or not evidence:
            return True
        if self.tokens + cost > limit:
            return False
        number = 1 + sum(1 for known in self.items if known.startswith(kind))
        name = f"{kind}{number}"
        self.items[name] = Item(name, shown, clean_line(company), evidence, kpis)
        self.tokens += cost
        return True


def material_sheet(material: Material, limit: int) -> EvidenceSheet:
    """What one report offers: figures, targets, stated silences, then the best passages."""
    sheet = EvidenceSheet()
    company = material.report.company
    figures_limit = int(limit * _FIGURE_SHARE)
    for record in shown_records(material.kpis):
        _add_figure(sheet, record, company, figures_limit)
    for target in material.targets:
        _add_target(sheet, target, company, figures_limit)
    for silence in material.silences:
        if silence.evidence is not None:
            line = f"{silence.kpi} is not disclosed: {silence.evidence.quote}"
            sheet.add("S", line, company, (silence.evidence,), limit=figures_limit)
    for passage in by_turns(material.passages):
        if not _add_passage(sheet, passage, company, limit):
            break
    return sheet


def synthesis_sheet(companies: tuple[CompanyAnalysis, ...], limit: int) -> EvidenceSheet:
    """What all companies offer: verified sentences of their summaries, figures and targets."""
    sheet = EvidenceSheet()
    done = [row for row in companies if row.status == "done"]
    for number, row in enumerate(done, 1):
        # Each company may fill the sheet up to its share; what one leaves, the next may use.
        share = limit * number // len(done)
        for record in shown_records(row.kpis):
            _add_figure(sheet, record, row.name, share)
        for claim in row.summary.claims:
            _add_claim(sheet, claim, row.name, share)
        for target in row.targets:
            _add_target(sheet, target, row.name, share)
    for row in companies:
        if row.status != "done":
            sheet.notes.append(clean_line(f"No report could be used of: {row.name}"))
    return sheet


def answer_sheet(
    companies: tuple[CompanyAnalysis, ...], passages: tuple[Passage, ...], limit: int
) -> EvidenceSheet:
    """What bears on a question: passages found for it, then the figures of the analysis."""
    sheet = EvidenceSheet()
    names = {row.report.sha256: row.name for row in companies if row.report is not None}
    passages_limit = int(limit * (1 - _FIGURE_SHARE))
    for passage in passages:
        company = names.get(passage.evidence.report)
        if company and not _add_passage(sheet, passage, company, passages_limit):
            break
    for row in companies:
        for record in shown_records(row.kpis):
            _add_figure(sheet, record, row.name, limit)
        for target in row.targets:
            _add_target(sheet, target, row.name, limit)
    return sheet


def shown_records(records: Iterable[KpiRecord]) -> list[KpiRecord]:
    """The figures in force, of the latest years of each measure, in the given order.

    Figures of a part of the company only where there is none of the whole; candidates (found
    one way only) only where nothing of the KPI is verified.
    """
    current = [record for record in records if record.superseded_by is None]
    verified = {r.kpi for r in current if r.status == "verified"}
    current = [r for r in current if r.status == "verified" or r.kpi not in verified]
    whole = {r.kpi for r in current if is_group_wide(r.boundary)}
    current = [r for r in current if is_group_wide(r.boundary) or r.kpi not in whole]
    years: dict[tuple[str, str | None], set[int]] = {}
    for record in current:
        years.setdefault((record.kpi, record.basis), set()).add(record.year)
    latest = {key: sorted(found)[-_YEARS_A_FIGURE:] for key, found in years.items()}
    return [r for r in current if r.year in latest[(r.kpi, r.basis)]]


def by_turns(passages: Iterable[Passage]) -> list[Passage]:
    """The passages, best first, a topic after the other, so that none is crowded out."""
    topics: dict[str, list[Passage]] = {}
    for passage in sorted(passages, key=lambda p: -p.score):
        topics.setdefault(passage.topic, []).append(passage)
    turns: list[Passage] = []
    while any(topics.values()):
        turns += [waiting.pop(0) for waiting in topics.values() if waiting]
    return turns


def _add_figure(sheet: EvidenceSheet, record: KpiRecord, company: str, limit: int) -> bool:
    parts = [
        phrase(record.kpi).topic,
        subject(record),
        f"year {record.year}",
        reported(record),
        "" if is_group_wide(record.boundary) else f"for: {record.boundary}",
        ", ".join(record.flags),
        CANDIDATE if record.status == "candidate" else "",
    ]
    line = " | ".join(part for part in parts if part)
    return sheet.add("K", line, company, (record.evidence,), (record.id,), limit=limit)


def _add_target(sheet: EvidenceSheet, target: Target, company: str, limit: int) -> bool:
    line = f"target | {_shortened(target.evidence.quote)}"
    return sheet.add("T", line, company, (target.evidence,), limit=limit)


def _add_passage(sheet: EvidenceSheet, passage: Passage, company: str, limit: int) -> bool:
    line = f"{passage.topic} | {_shortened(passage.text)}"
    return sheet.add("P", line, company, (passage.evidence,), limit=limit)


def _add_claim(sheet: EvidenceSheet, claim: Claim, company: str, limit: int) -> bool:
    if claim.status != "verified":
        return True
    line = f"{claim.topic} | {claim.text}"
    return sheet.add("C", line, company, claim.evidence, claim.kpis, limit=limit)


def _shortened(text: str) -> str:
    """The beginning of a long text, up to a word's end."""
    if len(text) <= _LONGEST_PASSAGE:
        return text
    return text[:_LONGEST_PASSAGE].rsplit(" ", 1)[0] + " …"
