"""What the reports leave open: what they say they do not disclose, and what was not found."""

from collections.abc import Sequence

from agent.analyst.extractive.claims import Cited, claim
from agent.analyst.extractive.overview import Overview
from agent.analyst.markdown import escape
from agent.analyst.wording import listed, mid_sentence, phrase
from agent.domain import Claim, CompanyAnalysis, Silence

_CORE = ("scope_1", "scope_2", "scope_3", "energy_total", "renewable_share", "water_withdrawal",
         "waste_total", "women_in_management")  # fmt: skip
_MOST_STATED = 8
_MOST_CONTRADICTIONS = 8
_MOST_NOTES = 14


def gap_claims(view: Overview) -> list[Cited]:
    """What a report says it does not disclose, in its own words."""
    found: list[Cited] = []
    for company in view.companies:
        known = {record.kpi for record in company.kpis}
        for silence in company.silences:
            one = silence_claim(silence, company.name)
            if one and silence.kpi not in known:
                found.append(Cited(one, silence_lead(silence, company.name), quoted=True))
    return found[:_MOST_STATED]


def silence_claim(silence: Silence, company: str) -> Claim | None:
    """The words in which a report says that it does not disclose a figure."""
    if silence.kind != "not_disclosed" or silence.evidence is None:
        return None
    return claim(
        " ".join(silence.evidence.quote.split()),
        [silence.evidence],
        topic=phrase(silence.kpi).topic,
        company=company,
    )


def silence_lead(silence: Silence, company: str, *, known: bool = False) -> str:
    """What stands in front of the quote; `known` says that a figure was found all the same."""
    name = mid_sentence(phrase(silence.kpi).subject)
    who = f"**{escape(company)}**"
    return f"{who} on {name}: " if known else f"{who} does not disclose {name}: "


def gap_points(view: Overview) -> list[str]:
    """Core figures that were not found, a line a company, and pages nobody could read."""
    absent = {company.name: _absent(company) for company in view.companies}
    nowhere = [kpi for kpi in _CORE if all(kpi in kpis for kpis in absent.values())]
    points = []
    if nowhere and len(absent) > 1:
        points.append(f"Not found in any report: {_named(nowhere)}.")
    for name, kpis in absent.items():
        if own := [kpi for kpi in kpis if kpi not in nowhere or len(absent) == 1]:
            points.append(f"Not found in the report of {name}: {_named(own)}.")
    for company in view.companies:
        lost = company.report.unreadable_pages if company.report else ()
        if lost:
            pages = ", ".join(str(page) for page in lost[:10])
            points.append(
                f"{company.name}: page {pages} could not be read (a scan or a picture); "
                "figures there are missing."
            )
    return points


def _absent(company: CompanyAnalysis) -> list[str]:
    known = {record.kpi for record in company.kpis}
    known |= {s.kpi for s in company.silences if s.kind == "not_disclosed"}
    if "scope_1_2" in known:
        known |= {"scope_1", "scope_2"}
    if {"water_withdrawal", "water_consumption"} & known:
        known |= {"water_withdrawal"}
    return [kpi for kpi in _CORE if kpi not in known]


def _named(kpis: Sequence[str]) -> str:
    return listed([mid_sentence(phrase(kpi).subject) for kpi in kpis])


def caveats(view: Overview) -> list[str]:
    """Why cells cannot be compared, restatements, and figures that contradict each other."""
    table = view.table
    return [
        *table.notes[:_MOST_NOTES],
        *(f"Contradiction: {text}" for text in table.contradictions[:_MOST_CONTRADICTIONS]),
    ]
