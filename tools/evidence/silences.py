"""Why there is no figure: the report says so, a page could not be read, or it was not found."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from agent.domain import Evidence, FrameworkCoverage, KpiRecord, Silence
from agent.errors import ConfigurationError
from tools.evidence.coverage import extract_coverage
from tools.evidence.kpis.catalogue import catalogue
from tools.pdf.page import PageRecord

_FILE = Path(__file__).with_name("silences.yaml")
_CATEGORY = re.compile(r"scope_3_\d+$")
_SENTENCE_END = re.compile(
    r"[.!?](?=\s)|[•▪■●]|\n\s*\n"
    r"|(?<=[\d%–])\s*\n(?=[^a-zäöü])|(?:^|\n)[^\n]{1,34}\n(?=[A-ZÄÖÜ])"
)
"""Also the end of a table line, and a short line as headings are."""
_NOT_SAID = re.compile(r"material|applicable", re.IGNORECASE)
_REACH = 420
"""Characters of a sentence looked at on either side of the denying words."""
_SHORTEST = 20
_NEAR = 2
"""Pages before and after an unread page that tell what it may be about."""


class _Wording(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    denials: re.Pattern[str]
    beside: re.Pattern[str]
    subjects: dict[str, re.Pattern[str]]
    families: tuple[frozenset[str], ...] = Field(min_length=1)

    @field_validator("denials", "beside", mode="before")
    @classmethod
    def _joined(cls, value: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{one})" for one in value), re.IGNORECASE)

    @field_validator("subjects", mode="before")
    @classmethod
    def _compiled(cls, value: dict[str, str]) -> dict[str, re.Pattern[str]]:
        return {kpi: re.compile(one, re.IGNORECASE) for kpi, one in value.items()}


@cache
def wording() -> _Wording:
    """The words of `silences.yaml`. Raises ConfigurationError where the file does not hold."""
    try:
        found = _Wording.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError, re.error) as error:
        raise ConfigurationError(
            f"{_FILE.name} is not valid: {error}", "Correct the file."
        ) from error
    unknown = set(found.subjects) ^ set(main_kpis())
    if unknown:
        raise ConfigurationError(
            f"{_FILE.name} and the KPI catalogue differ in {', '.join(sorted(unknown))}.",
            "Give every figure of the catalogue a subject.",
        )
    return found


def main_kpis() -> tuple[str, ...]:
    """Ids of the figures a reader asks for; the categories of Scope 3 are left out."""
    return tuple(kpi.id for kpi in catalogue().kpis if not _CATEGORY.match(kpi.id))


def find_silences(
    pages: Sequence[PageRecord], records: Sequence[KpiRecord], *, report: str
) -> tuple[Silence, ...]:
    """One silence for each main KPI without a record.

    `report` is the sha256 of the PDF. `not_disclosed` carries the sentence (or the index row)
    that says so, `unreadable` names the pages in its note.
    """
    missing = [kpi for kpi in main_kpis() if kpi not in {record.kpi for record in records}]
    if not missing:
        return ()
    said = _said(pages, missing, report)
    unread = [page.number for page in pages if page.unreadable or page.lost]
    return tuple(_silence(kpi, said.get(kpi), unread, pages, records) for kpi in missing)


def _silence(
    kpi: str,
    said: Evidence | None,
    unread: Sequence[int],
    pages: Sequence[PageRecord],
    records: Sequence[KpiRecord],
) -> Silence:
    if said is not None:
        return Silence(kpi=kpi, kind="not_disclosed", evidence=said)
    if unread and _may_stand_there(kpi, unread, pages, records):
        listed = ", ".join(str(number) for number in unread)
        plural = "s" if len(unread) > 1 else ""
        return Silence(kpi=kpi, kind="unreadable", note=f"Page{plural} {listed} could not be read.")
    return Silence(kpi=kpi, kind="not_found")


def _said(pages: Sequence[PageRecord], missing: Sequence[str], report: str) -> dict[str, Evidence]:
    """What the report itself says it does not give, by KPI."""
    found: dict[str, Evidence] = {}
    words = wording()
    coverage = extract_coverage(pages, report=report)
    listed = {entry.evidence.page for entry in coverage if entry.evidence}
    for page in pages:
        if page.number in listed:
            continue
        for start, end in _denying_sentences(page.text):
            sentence = page.text[start:end]
            if words.beside.search(sentence):
                continue
            for kpi in missing:
                if kpi not in found and words.subjects[kpi].search(sentence):
                    found[kpi] = Evidence(
                        report=report, page=page.number, quote=sentence, start=start, end=end
                    )
    for entry in coverage:
        for kpi in missing:
            if kpi not in found and entry.evidence and _omits(entry, kpi):
                found[kpi] = entry.evidence
    return found


def _denying_sentences(text: str) -> Iterator[tuple[int, int]]:
    last = -1
    for match in wording().denials.finditer(text):
        left = max(0, match.start() - _REACH)
        ends = [end.end() for end in _SENTENCE_END.finditer(text, left, match.start() + 1)]
        start = ends[-1] if ends else left
        end_match = _SENTENCE_END.search(text, match.end(), match.end() + _REACH)
        end = end_match.end() if end_match else min(len(text), match.end() + _REACH)
        while start < end and text[start].isspace():
            start += 1
        if start != last and end - start >= _SHORTEST:
            last = start
            yield start, end


def _omits(entry: FrameworkCoverage, kpi: str) -> bool:
    """The content index leaves out exactly the disclosure the figure answers."""
    if entry.status != "omitted" or _NOT_SAID.search(entry.reason):
        return False
    points = catalogue().get(kpi).datapoints.values()
    return any(point.split("_")[0] == entry.disclosure for point in points if "," not in point)


def _may_stand_there(
    kpi: str, unread: Sequence[int], pages: Sequence[PageRecord], records: Sequence[KpiRecord]
) -> bool:
    """Whether pages beside an unread one are about the figure's subject or hold its family."""
    family = next((f for f in wording().families if kpi in f), frozenset({kpi}))
    places = {record.evidence.page for record in records if record.kpi in family}
    near = {n + step for n in unread for step in range(-_NEAR, _NEAR + 1)}
    if places & near:
        return True
    subject = wording().subjects[kpi]
    return any(page.number in near and subject.search(page.text) for page in pages)
