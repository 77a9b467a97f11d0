"""Follow-up questions, answered from the figures and passages of one analysis."""

import re
from collections.abc import Sequence

from agent.analyst.extractive.claims import Cited, CitedText, claim
from agent.analyst.extractive.explain import explained
from agent.analyst.extractive.figures import figure_claims
from agent.analyst.extractive.overview import Overview
from agent.analyst.extractive.synthesis_figures import ranking_claims, trend_claims
from agent.analyst.extractive.synthesis_gaps import silence_claim, silence_lead
from agent.analyst.extractive.synthesis_targets import led_target
from agent.analyst.extractive.targets import ordered
from agent.analyst.markdown import escape
from agent.analyst.wording import figure_phrases, listed, mid_sentence, phrase
from agent.domain import Analysis, Answer, Claim, CompanyAnalysis, Passage

_YEAR = re.compile(r"(?<![\d.,])(20[0-2]\d)(?![\d%])")
_RANKING = re.compile(
    r"\b(?:highest|lowest|best|worst|most|least|largest|smallest|leads?|leaders?|leading|rank\w*|"
    r"compare\w*|who)\b",
    re.IGNORECASE,
)
_TREND = re.compile(
    r"\b(?:trend|chang\w+|reduc\w+|increas\w+|decreas\w+|fell|fall\w*|rose|ris\w+|improv\w+|"
    r"progress|development|compared to last year|year[- ]on[- ]year)\b",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"\b(?:targets?|goals?|net[- ]?zero|neutral\w*|SBTi|science[- ]based|commit\w*|aims?|"
    r"ambitions?|pledge\w*)\b",
    re.IGNORECASE,
)
_NOT_TARGETS = re.compile(
    r"\b(?:remunerat\w+|bonus\w*|pay|salar\w+|incentive\w*|compensation|women|female|water|waste|"
    r"safety|accident\w*|employees?|suppliers?)\b",
    re.IGNORECASE,
)
_TARGET_KINDS = (
    (re.compile(r"net[- ]?zero|neutral", re.IGNORECASE), "net_zero"),
    (re.compile(r"SBTi|science[- ]based|validat", re.IGNORECASE), "sbti_status"),
    (re.compile(r"renewabl|green (?:power|electricity)", re.IGNORECASE), "renewable"),
    (re.compile(r"reduc|cut", re.IGNORECASE), "reduction_absolute"),
    (re.compile(r"reduc|intensity", re.IGNORECASE), "reduction_intensity"),
)
_CLIMATE_KINDS = {"net_zero", "reduction_absolute", "reduction_intensity", "sbti_status"}
_OWN_WORDS = re.compile(
    r"\b(?:why|how|what drove|drivers?|reasons?|explain|cause\w*|measures?)\b", re.I
)
_LEGAL = re.compile(
    r"\b(?:AG|SE|plc|Inc|Ltd|Corp(?:oration)?|GmbH|N\.?V|S\.?A|Holding|Group|Co|Company|Limited|"
    r"Software|Electronics|Aktiengesellschaft|KGaA|& Co|Wholesale|The)\b\.?,?",
    re.IGNORECASE,
)
_MOST_PASSAGES = 6
_PER_COMPANY = 3
_WEAKEST = 0.6
"""Share of the best passage's score below which one is left out."""
_MOST_TARGETS = 4
_LABEL = "*Answered by rules from the reports of this analysis; no language model was used.*"


def answer_question(question: str, analysis: Analysis, passages: Sequence[Passage]) -> Answer:
    """Figures and targets asked for by name first, then sentences of the reports.

    Says that nothing was found where neither figures nor passages bear on the question.
    """
    view = Overview.of(analysis.companies, analysis.table)
    named = asked_companies(question, view.companies)
    companies = named or view.companies
    asked_kinds = asked_target_kinds(question)
    kpis = () if asked_kinds else asked_kpis(question)
    text = CitedText()
    if kpis and not named:
        text.cite(*_across(question, kpis, view))
    points: list[str] = []
    for one, story in explained(question, companies):
        text.cite(one, lead=_lead(one.company or "", one, companies))
        points.append(story)
    for company in companies:
        for one in _figures(kpis, company, asked_year(question)):
            text.cite(one, lead=_lead(company.name, one, companies))
        targets, absent = _targets(asked_kinds, company)
        for cited in (*_stated(kpis, company), *targets):
            text.cite(cited.claim, lead=cited.lead, quoted=cited.quoted)
        points += [*absent, *_missing(kpis, company)]
    for point in dict.fromkeys(points):
        text.point(point)
    _cite_passages(text, question, passages, companies)
    if not text.claims and not points:
        return _nothing(question, analysis, companies)
    return Answer(
        analysis_id=analysis.analysis_id,
        question=question,
        markdown=f"{text.markdown}\n{_LABEL}\n",
        claims=text.claims,
        found=bool(text.claims),
    )


def _cite_passages(
    text: CitedText,
    question: str,
    passages: Sequence[Passage],
    companies: Sequence[CompanyAnalysis],
) -> None:
    """Sentences of the reports, fewer where figures have answered, none that was quoted above."""
    told = " ".join(place.quote for one in text.claims for place in one.evidence)
    narrow = bool(text.claims) and not _OWN_WORDS.search(question)
    for passage, company in _choose(passages, companies, narrow=narrow):
        if passage.text not in told:
            one = claim(passage.text, [passage.evidence], topic=passage.topic, company=company.name)
            text.cite(one, lead=_lead(company.name, one, companies))


def asked_kpis(question: str) -> tuple[str, ...]:
    """KPI ids whose words stand in the question, in telling order."""
    return tuple(
        kpi
        for kpi, known in figure_phrases().items()
        if known.asked and re.search(known.asked, question, re.IGNORECASE)
    )


def asked_target_kinds(question: str) -> frozenset[str]:
    """Kinds of targets the question is about; empty where it is about something else."""
    if not _TARGET.search(question) or _NOT_TARGETS.search(question):
        return frozenset()
    named = {kind for pattern, kind in _TARGET_KINDS if pattern.search(question)}
    return frozenset(named or _CLIMATE_KINDS)


def asked_companies(
    question: str, companies: Sequence[CompanyAnalysis]
) -> tuple[CompanyAnalysis, ...]:
    """Companies of the analysis whose name, without its legal form, stands in the question."""
    folded = question.casefold()
    found = []
    for company in companies:
        words = " ".join(_LEGAL.sub(" ", company.name).split()).strip(" ,.")
        short = words.casefold() or company.name.casefold()
        if re.search(rf"(?<!\w){re.escape(short)}(?!\w)", folded):
            found.append(company)
    return tuple(found)


def asked_year(question: str) -> int | None:
    """A fiscal year named in the question that is not the year of a target."""
    if _TARGET.search(question):
        return None
    match = _YEAR.search(question)
    return int(match[1]) if match else None


def _lead(name: str, one: Claim, companies: Sequence[CompanyAnalysis]) -> str:
    """The company in front of a sentence that does not name it itself."""
    return "" if one.text.startswith(name) or len(companies) == 1 else f"**{escape(name)}**: "


def _across(question: str, kpis: Sequence[str], view: Overview) -> list[Claim | None]:
    """Rankings and trends over all companies, where the question asks for them."""
    found: list[Claim | None] = []
    for kpi in kpis:
        if _RANKING.search(question):
            found += ranking_claims(view, kpi)
        if _TREND.search(question):
            found += trend_claims(view, kpi)
    return found


def _figures(kpis: Sequence[str], company: CompanyAnalysis, year: int | None) -> list[Claim]:
    records = [record for record in company.kpis if record.kpi in kpis]
    return figure_claims(records, company=company.name, year=year)


def _stated(kpis: Sequence[str], company: CompanyAnalysis) -> list[Cited]:
    """What the report says about not disclosing what is asked for."""
    known = {record.kpi for record in company.kpis}
    found = []
    for silence in company.silences:
        one = silence_claim(silence, company.name) if silence.kpi in kpis else None
        if one:
            lead = silence_lead(silence, company.name, known=silence.kpi in known)
            found.append(Cited(one, lead, quoted=True))
    return found


def _targets(kinds: frozenset[str], company: CompanyAnalysis) -> tuple[list[Cited], list[str]]:
    """Targets of the kinds asked for, or a line that says there is none."""
    if not kinds:
        return [], []
    stated = [target for target in ordered(company.targets) if target.kind in kinds]
    if not stated:
        return [], [f"{company.name}: no such target was found in its report."]
    return [led_target(target, company.name) for target in stated[:_MOST_TARGETS]], []


def _missing(kpis: Sequence[str], company: CompanyAnalysis) -> list[str]:
    """Asked figures that this report does not give and does not speak of either."""
    known = {record.kpi for record in company.kpis}
    known |= {s.kpi for s in company.silences if s.kind == "not_disclosed"}
    absent = [mid_sentence(phrase(kpi).subject) for kpi in kpis if kpi not in known]
    if not absent or (known & set(kpis)):
        return []
    return [f"{company.name}: not found in its report: {listed(absent)}."]


def _choose(
    passages: Sequence[Passage], companies: Sequence[CompanyAnalysis], *, narrow: bool
) -> list[tuple[Passage, CompanyAnalysis]]:
    """The best passages of the companies asked about, a few a company."""
    by_report = {row.report.sha256: row for row in companies if row.report}
    most = _MOST_PASSAGES // 2 if narrow else _MOST_PASSAGES
    taken: dict[str, int] = {}
    chosen: list[tuple[Passage, CompanyAnalysis]] = []
    ranked = sorted((p for p in passages if p.evidence.report in by_report), key=lambda p: -p.score)
    for passage in ranked:
        company = by_report[passage.evidence.report]
        if len(chosen) == most or passage.score < _WEAKEST * ranked[0].score:
            continue
        if taken.get(company.company_id, 0) < _PER_COMPANY:
            taken[company.company_id] = taken.get(company.company_id, 0) + 1
            chosen.append((passage, company))
    return chosen


def _nothing(question: str, analysis: Analysis, companies: Sequence[CompanyAnalysis]) -> Answer:
    names = listed([company.name for company in companies])
    where = f"the reports of {names}" if names else "this analysis, which holds no report"
    return Answer(
        analysis_id=analysis.analysis_id,
        question=question,
        markdown=f"Not found in {where}. Ask in the words a report would use, or name a figure.\n",
        found=False,
    )
