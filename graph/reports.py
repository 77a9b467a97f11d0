"""The first two steps of a company's way: choose its report, and have it in the library."""

from agent.domain import Company, CompanyAnalysis, ReportChoice
from agent.domain.analysis import AnalysisRequest
from graph.carry import carried_over, chosen_for
from graph.context import ResearchRuntime, tell
from graph.progress import PageProgress
from graph.state import CompanyInput, CompanyOutcome, CompanyState, CompanyUpdate, FoundReport
from tools.search.finder import Findings
from tools.search.known import KnownReport
from tools.search.provider import Candidate
from tools.search.retrieve import Refused, Retrieval, Retrieved
from tools.web.domains import host_of, on_domains

_USER = "you"


async def search_report(state: CompanyInput, runtime: ResearchRuntime) -> CompanyUpdate:
    """Choose the report of this company, or say that there is none.

    A document of the web is fetched without asking only where code is sure enough of it; it is
    taken only when its own pages say that it is the report.
    """
    company, request = state["company"], state["request"]
    if (kept := await carried_over(state, runtime)) is not None:
        return {"outcomes": {company.id: kept}}
    tell(runtime, "stage", company.id, stage="search_report")
    chosen = _chosen(company, request)
    if chosen:
        return await _to_fetch(company, chosen, runtime)
    library = await runtime.context.shelf.provider(request.library, request.owner)
    findings = await runtime.context.web.finder.find(
        company,
        request.year,
        library,
        web=request.library is None or request.refresh,
        newer=request.refresh,
    )
    held = findings.held
    if held is not None and (held.year == request.year or request.year is None):
        newer = _newer(findings, company, held) if request.refresh else ()
        update: CompanyUpdate = {"found": _found(held)}
        return {**update, **(await _to_fetch(company, newer, runtime) if newer else {})}
    sure = findings.worth_fetching(company)
    if sure:
        rest = tuple(choice for choice in findings.choices if choice not in sure)
        update = await _to_fetch(company, (*sure, *rest), runtime)
        return {**update, **({"found": _found(held)} if held is not None else {})}
    if held is not None:
        return {"found": _found(held)}
    return await _without(company, findings.choices, _reason(company, findings), runtime)


async def retrieve_pdf(state: CompanyState, runtime: ResearchRuntime) -> CompanyUpdate:
    """Make sure the PDF is in the report library, fetching it where it is not."""
    company = state["company"]
    if "choices_ref" in state:
        return await _from_web(state, runtime)
    found = state["found"]
    tell(runtime, "stage", company.id, stage="retrieve_pdf", file=found.file)
    await runtime.context.library.pdf_path(found.sha256)
    return {}


async def _from_web(state: CompanyState, runtime: ResearchRuntime) -> CompanyUpdate:
    company, request, context = state["company"], state["request"], runtime.context
    row = await context.artifacts.get(state["choices_ref"], CompanyAnalysis)
    to_fetch = tuple(choice for choice in row.choices if choice.provider == _USER) or Findings(
        choices=row.choices
    ).worth_fetching(company)
    retrieval = await context.web.retriever.first_that_fits(
        company,
        request.year,
        to_fetch,
        on_fetch=lambda choice: tell(
            runtime, "stage", company.id, stage="retrieve_pdf", file=choice.title, url=choice.url
        ),
        on_refused=lambda refused: tell(
            runtime,
            "report_refused",
            company.id,
            name=company.name,
            url=refused.choice.url,
            reason=refused.reason,
        ),
        on_page=PageProgress(runtime, company.id),
    )
    report = retrieval.report
    if report is not None and (
        report.verdict.verdict == "match" or _trusted(report.choice, company)
    ):
        await _remember(report, request.owner, runtime)
        return {"found": _fetched(report, retrieval, company)}
    if "found" in state:
        lines = tuple(map(_refusal, retrieval.refused))
        held = state["found"]
        return {"found": held.model_copy(update={"warnings": (*held.warnings, *lines)})}
    looked_at = {refused.choice.url for refused in retrieval.refused}
    left = tuple(choice for choice in row.choices if choice.url not in looked_at)
    doubts = list(map(_refusal, retrieval.refused))
    if report is not None:
        why = " ".join(report.verdict.reasons[:1])
        doubts.append(f"Perhaps {report.url}, but its pages leave a doubt: {why}")
    reason = " ".join(doubts) or "No document could be taken."
    return await _without(company, left, reason, runtime)


def _chosen(company: Company, request: AnalysisRequest) -> tuple[ReportChoice, ...]:
    """The addresses the user gave for this company."""
    return tuple(
        ReportChoice(
            url=url,
            title=url.rpartition("/")[2] or url,
            host=host_of(url),
            provider=_USER,
            official=on_domains(url, company.domains),
            reasons=("You chose it.",),
        )
        for url in chosen_for(company, request)
    )


def _newer(findings: Findings, company: Company, held: Candidate) -> tuple[ReportChoice, ...]:
    """Documents for a later year than the report at hand."""
    return tuple(
        choice
        for choice in findings.worth_fetching(company)
        if choice.year is not None and choice.year > (held.year or 0)
    )


async def _to_fetch(
    company: Company, choices: tuple[ReportChoice, ...], runtime: ResearchRuntime
) -> CompanyUpdate:
    row = _row(company, choices, "")
    return {"choices_ref": await runtime.context.artifacts.put(row)}


async def _without(
    company: Company, choices: tuple[ReportChoice, ...], reason: str, runtime: ResearchRuntime
) -> CompanyUpdate:
    """A row without a report: documents to choose from, or only the reason."""
    if choices:
        reason = (
            f"{reason} {_documents(len(choices))} of the web may be it: choose one, or upload "
            "the PDF."
        ).strip()
    elif "pload" not in reason:
        reason = f"{reason} Upload the PDF, if you have it."
    row = _row(company, choices, reason)
    tell(
        runtime,
        "company_failed",
        company.id,
        reason=reason,
        name=company.name,
        choices=[choice.model_dump(mode="json") for choice in choices],
    )
    outcome = CompanyOutcome(
        company_id=company.id,
        name=company.name,
        status="needs_choice" if choices else "no_report",
        reason=reason,
        ref=await runtime.context.artifacts.put(row),
    )
    return {"outcomes": {company.id: outcome}}


def _documents(number: int) -> str:
    return "One other document" if number == 1 else f"{number} other documents"


def _row(company: Company, choices: tuple[ReportChoice, ...], reason: str) -> CompanyAnalysis:
    return CompanyAnalysis(
        company_id=company.id,
        name=company.name,
        status="needs_choice" if choices else "no_report",
        reason=reason,
        fictional=company.fictional,
        choices=choices,
    )


def _reason(company: Company, findings: Findings) -> str:
    if not findings.notes:
        return findings.reason or f"No report of {company.name} is at hand."
    return f"No report of {company.name} was found. " + " ".join(
        note[0].upper() + note[1:] for note in findings.notes
    )


def _found(held: Candidate) -> FoundReport:
    return FoundReport(
        sha256=held.sha256,
        file=held.file,
        source=held.source,
        reasons=held.reasons,
        warnings=held.warnings,
        fictional=held.fictional,
        retrieved_at=held.retrieved_at,
    )


def _fetched(report: Retrieved, retrieval: Retrieval, company: Company) -> FoundReport:
    warnings = [*report.choice.warnings]
    if not warnings and not on_domains(report.url, company.domains):
        page = report.choice.linked_from
        whose = f"linked from {page}" if page else "not known as the company's own site"
        warnings.append(f"Fetched from {host_of(report.url)}, {whose}.")
    if report.verdict.verdict != "match":
        why = " ".join(report.verdict.reasons[:1])
        warnings.append(f"It is not certain that this is the report wanted: {why}")
    announced, told = report.choice.year, report.verdict.year
    if announced and told and told < announced - 1:
        warnings.append(f"Announced for {announced}, it reports on {told}.")
    warnings += map(_refusal, retrieval.refused)
    return FoundReport(
        sha256=report.sha256,
        file=report.file,
        source=report.url,
        reasons=report.choice.reasons,
        warnings=tuple(dict.fromkeys(warnings)),
        retrieved_at=report.retrieved_at,
    )


def _trusted(choice: ReportChoice, company: Company) -> bool:
    """Whether a document whose pages do not name the company clearly may still be taken."""
    return choice.provider == _USER or (choice.official and company.domains_confirmed)


async def _remember(report: Retrieved, owner: str, runtime: ResearchRuntime) -> None:
    """Keep a report whose identity is clear for later analyses."""
    if report.verdict.verdict == "match":
        known = KnownReport(
            report.sha256,
            report.file,
            report.verdict,
            report.url,
            retrieved_at=report.retrieved_at,
        )
        await runtime.context.shelf.keep(known, owner)


def _refusal(refused: Refused) -> str:
    return f"Not taken: {refused.choice.url} - {refused.reason}"
