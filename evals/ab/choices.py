"""Cases for the prompts that sort and choose: what a message asks for, who leads an industry."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from agent.analyst.model import ModelAnalyst
from agent.domain import Company, Industry, ProposedCompany
from evals.ab.case import Case, Result
from evals.suites.followups import questions_of
from evals.suites.identification import queries_of
from tools.directory import Directory, IndustryQuery, load_directory

_MESSAGES = Path(__file__).parents[1] / "golden" / "messages.yaml"
_LEAST, _MOST = 4, 8
"""Companies of an industry that are to be told from as many others."""


class Message(BaseModel):
    """A message of the chat and what it asks for; what stays empty is not looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    kind: Literal["analysis", "follow_up", "change", "help", "unclear"]
    shown: bool = False
    """Whether an analysis is shown already."""
    industries: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    year: int | None = None


@cache
def delivered_messages() -> tuple[Message, ...]:
    """Those of `messages.yaml`. Raises pydantic's ValidationError where one is none."""
    entries = yaml.safe_load(_MESSAGES.read_text("utf-8"))
    return TypeAdapter(tuple[Message, ...]).validate_python(entries)


async def messages(data: Path, _folder: Path) -> list[Case]:
    """A message each: ways of naming an industry, the set's follow-ups, and `messages.yaml`."""
    meant = [
        Message(text=query["text"], kind="analysis", industries=query["industries"])
        for query in queries_of(data)
        if query["industries"]
    ]
    meant += [
        Message(text=question["question"], kind="follow_up", shown=True)
        for question in questions_of(data)
    ]
    directory = load_directory()
    return [
        Case(name=one.text, write=partial(_sorted, one, directory))
        for one in (*meant, *delivered_messages())
    ]


async def _sorted(meant: Message, directory: Directory, analyst: ModelAnalyst) -> Result:
    intent = await analyst.understand(meant.text, has_analysis=meant.shown)
    right = (
        intent.kind == meant.kind
        and (not meant.industries or _are(directory.understand(intent.industry), meant.industries))
        and (not meant.companies or _named(intent.companies, meant.companies))
        and meant.year in (None, intent.year)
    )
    return Result(float(right), f"{intent.kind}: {intent.industry}")


def _are(found: IndustryQuery, meant: Sequence[str]) -> bool:
    return not found.tie and {industry.id for industry in found.industries} == set(meant)


def _named(given: Sequence[str], meant: Sequence[str]) -> bool:
    """Whether just these companies were named, however long their names are written."""
    return len(given) == len(meant) and all(
        any(name.casefold() in one.casefold() for one in given) for name in meant
    )


async def industries(_data: Path, _folder: Path) -> list[Case]:
    """An industry of the directory each: its companies among as many of other industries."""
    directory = load_directory()
    listed = {
        industry: own
        for industry in directory.industries
        if not industry.fictional and len(own := directory.companies(industry.id)) >= _LEAST
    }
    return [
        Case(
            name=industry.name,
            write=partial(_chosen, industry, own[:_MOST], _others(industry, own, listed)),
        )
        for industry, own in listed.items()
    ]


def _others(
    industry: Industry, own: Sequence[Company], listed: Mapping[Industry, Sequence[Company]]
) -> list[Company]:
    """Companies that other industries list first, as many as there are to be chosen."""
    ids = {company.id for company in own}
    firsts = [companies[0] for of, companies in listed.items() if of != industry]
    strangers = {company.id: company for company in firsts if company.id not in ids}
    drawn = sorted(strangers.values(), key=lambda company: _drawn(industry.id, company.id))
    return drawn[: len(own[:_MOST])]


def _drawn(*parts: str) -> str:
    """A place in a list that says nothing and is the same each time."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


async def _chosen(
    industry: Industry,
    own: Sequence[Company],
    others: Sequence[Company],
    analyst: ModelAnalyst,
) -> Result:
    shuffled = sorted((*own, *others), key=lambda company: _drawn(company.id, industry.id))
    candidates = tuple(ProposedCompany(company=company, reason="") for company in shuffled)
    rows = await analyst.identify_companies(industry, candidates, len(own))
    ids = {company.id for company in own}
    right = [row.company.name for row in rows if row.selected and row.company.id in ids]
    return Result(len(right) / len(own), ", ".join(right))
