"""Checks a golden set that a team has made: every line against its form, every report there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.evidence.kpis.catalogue import catalogue

_Share = Literal["market", "location"]


class _Line(BaseModel):
    """Further fields are notes of whoever made the set."""

    model_config = ConfigDict(extra="allow")


class _OfReport(_Line):
    report: str = Field(min_length=5)


class KpiValue(_OfReport):
    """One figure of `kpi_values`: as printed on the page, and as a number."""

    company: str = Field(min_length=1)
    kpi: str
    year: int = Field(ge=1990, le=2100)
    value: float
    printed: str = Field(min_length=1)
    unit: str
    basis: _Share | None = None
    pdf_page: int = Field(ge=1)
    quote: str = Field(min_length=3)


class Absent(_OfReport):
    """One figure a report does not give."""

    company: str = Field(min_length=1)
    kpi: str
    silence: Literal["not_found", "not_disclosed", "unreadable"]


class TargetLine(_OfReport):
    """One target a report states."""

    company: str = Field(min_length=1)
    kind: str
    target_year: int | None = Field(default=None, ge=1990, le=2100)
    base_year: int | None = Field(default=None, ge=1980, le=2100)
    reduction_pct: float | None = None
    scopes: str | None = None
    pdf_page: int = Field(ge=1)
    quote: str = Field(min_length=3)


class ReportLine(_Line):
    """One report of the set."""

    file: str
    company: str = Field(min_length=1)
    fiscal_year: int = Field(ge=1990, le=2100)
    kind: str
    language: str = Field(min_length=2, max_length=5)
    content_index: list[dict[str, Any]]


class PageQuestion(_OfReport):
    """A question and the pages that answer it."""

    question: str = Field(min_length=5)
    gold_pages: list[int] = Field(min_length=1)


class FollowUp(_OfReport):
    """A question of the chat: the figure its answer must hold, or that there is none."""

    company: str = Field(min_length=1)
    question: str = Field(min_length=5)
    printed: str = ""
    absent: bool = False
    subject: str = ""


FORMS: dict[str, type[_Line]] = {
    "kpi_values.jsonl": KpiValue,
    "absent.jsonl": Absent,
    "targets.jsonl": TargetLine,
    "reports.jsonl": ReportLine,
    "page_questions.jsonl": PageQuestion,
    "followups.jsonl": FollowUp,
}


def check_set(data: Path) -> list[str]:
    """What is wrong with a set, a sentence each; nothing where it can be used."""
    if not (data / "gold").is_dir() or not (data / "reports").is_dir():
        return [f"{data} has no gold/ and reports/."]
    problems = [problem for name, form in FORMS.items() for problem in _file(data, name, form)]
    if not any((data / "gold" / name).exists() for name in FORMS):
        problems.append(f"{data / 'gold'} holds none of {', '.join(FORMS)}.")
    return problems


def _file(data: Path, name: str, form: type[_Line]) -> Iterator[str]:
    path = data / "gold" / name
    if not path.exists():
        return
    known = {kpi.id for kpi in catalogue().kpis}
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not text.strip():
            continue
        place = f"{name}, line {number}"
        try:
            line = form.model_validate(json.loads(text))
        except json.JSONDecodeError as error:
            yield f"{place}: no JSON ({error.msg})."
            continue
        except ValidationError as error:
            first = error.errors()[0]
            yield f"{place}: {'.'.join(map(str, first['loc']))}: {first['msg']}."
            continue
        report = getattr(line, "report", None) or getattr(line, "file", "") or ""
        if not (data / "reports" / report).is_file():
            yield f"{place}: reports/{report} is not there."
        kpi = getattr(line, "kpi", None)
        if kpi is not None and kpi not in known:
            yield f"{place}: there is no figure {kpi} in the catalogue."
        printed = getattr(line, "printed", "")
        quote = getattr(line, "quote", None)
        if quote is not None and printed and printed not in quote:
            yield f"{place}: the quote does not hold “{printed}”."
