"""Why there is no figure: the report says so, it was not found, or a page could not be read."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from agent.domain import Evidence, FrameworkCoverage, KpiRecord, Silence
from tools.evidence.kpis.catalogue import catalogue
from tools.evidence.targets.statements import Statement, page_statements
from tools.pdf.page import PageRecord

__all__ = ["find_silences"]

_LONGEST = 360
_BETWEEN = 90
"""Most characters between the subject and the words that deny it."""
_NEIGHBOURS = 2
_MUCH_UNREAD = 0.3


class _Wording(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    subjects: dict[str, re.Pattern[str]]
    denials: re.Pattern[str]
    not_denials: re.Pattern[str]

    @field_validator("subjects", mode="before")
    @classmethod
    def _subjects(cls, value: dict[str, str]) -> dict[str, re.Pattern[str]]:
        return {kpi: re.compile(pattern, re.IGNORECASE) for kpi, pattern in value.items()}

    @field_validator("denials", "not_denials", mode="before")
    @classmethod
    def _any(cls, value: list[str]) -> re.Pattern[str]:
        joined = "|".join(f"(?:{pattern})" for pattern in value)
        return re.compile(rf"\b(?:{joined})", re.IGNORECASE)


@lru_cache(maxsize=1)
def _wording() -> _Wording:
    text = files(__package__).joinpath("silences.yaml").read_text(encoding="utf-8")
    return _Wording.model_validate(yaml.safe_load(text))


def find_silences(
    pages: Sequence[PageRecord],
    records: Sequence[KpiRecord],
    *,
    report: str,
    kpis: Sequence[str] | None = None,
    coverage: Sequence[FrameworkCoverage] = (),
) -> tuple[Silence, ...]:
    """A silence for each KPI without a record, and for each that the report says it leaves out.

    `kpis` are the ids asked for, by default those of the catalogue that stand on their own.
    `coverage` adds the omissions of the report's content index. A KPI may have records and a
    `not_disclosed` silence, too: then the report leaves out a basis or a year of it.
    """
    asked = list(kpis) if kpis is not None else _own_kpis()
    known = {record.kpi for record in records}
    denied = _denied(pages, asked, report)
    unread = [page for page in pages if page.unreadable or page.lost]
    silences = []
    for kpi in asked:
        said = denied.get(kpi)
        if said is None and kpi not in known:
            said = _omitted(kpi, coverage)
        if said is not None:
            silences.append(said)
        elif kpi not in known:
            silences.append(_not_found(kpi, pages, unread))
    return tuple(silences)


def _own_kpis() -> list[str]:
    return [kpi.id for kpi in catalogue().kpis if not kpi.context]


def _title(kpi: str) -> str:
    entry = catalogue().by_id.get(kpi)
    return entry.title if entry else kpi.replace("_", " ")


def _subject(kpi: str) -> re.Pattern[str]:
    known = _wording().subjects.get(kpi)
    return known or re.compile(re.escape(_title(kpi)), re.IGNORECASE)


def _denied(pages: Sequence[PageRecord], kpis: Sequence[str], report: str) -> dict[str, Silence]:
    """The first statement, by page, that denies each KPI."""
    found: dict[str, Silence] = {}
    for statement in _denials(pages):
        for kpi in kpis:
            if kpi not in found and _denies(statement.text, _subject(kpi)):
                found[kpi] = Silence(
                    kpi=kpi,
                    kind="not_disclosed",
                    note=f"The report says so on page {statement.page}.",
                    evidence=Evidence(
                        report=report,
                        page=statement.page,
                        quote=statement.text,
                        start=statement.start,
                        end=statement.end,
                    ),
                )
    return found


def _denials(pages: Sequence[PageRecord]) -> Iterator[Statement]:
    denials, others = _wording().denials, _wording().not_denials
    for page in pages:
        flat = " ".join(page.text.split())
        if not denials.search(flat):
            continue
        for statement in page_statements(page):
            text = statement.text
            if len(text) <= _LONGEST and denials.search(text) and not others.search(text):
                yield statement


def _denies(text: str, subject: re.Pattern[str]) -> bool:
    """Whether the denial stands close to the subject."""
    for denial in _wording().denials.finditer(text):
        for named in subject.finditer(text):
            gap = max(denial.start() - named.end(), named.start() - denial.end())
            if gap <= _BETWEEN:
                return True
    return False


def _omitted(kpi: str, coverage: Sequence[FrameworkCoverage]) -> Silence | None:
    """What the content index gives as left out, by the disclosure the KPI answers to."""
    entry = catalogue().by_id.get(kpi)
    codes = set()
    if entry is not None:
        codes = {code.strip() for text in entry.datapoints.values() for code in text.split(",")}
    for line in coverage:
        if line.status == "omitted" and line.disclosure in codes and line.evidence:
            return Silence(
                kpi=kpi,
                kind="not_disclosed",
                note=f"The {line.framework} index omits {line.disclosure}: {line.reason}",
                evidence=line.evidence,
            )
    return None


def _not_found(kpi: str, pages: Sequence[PageRecord], unread: Sequence[PageRecord]) -> Silence:
    """Not found, or unreadable where a page that could not be read may hold it."""
    near = [page.number for page in unread if _speaks_nearby(kpi, page.number, pages)]
    if len(unread) > _MUCH_UNREAD * len(pages):
        near = [page.number for page in unread]
    if near:
        listed = ", ".join(str(number) for number in near[:10])
        plural = "Pages" if len(near) > 1 else "Page"
        note = f"{plural} {listed} could not be read and may hold it."
        return Silence(kpi=kpi, kind="unreadable", note=note)
    return Silence(kpi=kpi, kind="not_found", note=f"{_title(kpi)}: not found in this report.")


def _speaks_nearby(kpi: str, number: int, pages: Sequence[PageRecord]) -> bool:
    """Whether the pages around an unread one speak of the KPI."""
    subject = _subject(kpi)
    return any(
        abs(page.number - number) <= _NEIGHBOURS and subject.search(page.text) for page in pages
    )
