"""Which companies to put before the user, and why each is there."""

import re
from dataclasses import dataclass

from agent.domain import AnalysisRequest, Company, Industry, ProposedCompany
from agent.errors import InputError
from graph.context import ResearchRuntime, tell
from graph.state import UnreadableFile
from tools.directory import Directory
from tools.search.known import KnownReport, same_company
from tools.search.shelf import ShelfContents


@dataclass(frozen=True)
class Proposal:
    """The proposed companies and the files of the library that could not be read."""

    companies: tuple[ProposedCompany, ...]
    unreadable: tuple[UnreadableFile, ...] = ()


async def propose(
    industries: tuple[Industry, ...],
    countries: tuple[str, ...],
    request: AnalysisRequest,
    runtime: ResearchRuntime,
) -> Proposal:
    """Companies the user named, else those of the library, else those of the directory.

    Raises:
        InputError: the library folder holds no PDF.
    """
    context = runtime.context
    tell(runtime, "indexing")
    contents = await context.shelf.contents(
        request.library,
        request.owner,
        on_file=lambda file, number, total: tell(
            runtime, "indexing", file=file, number=number, total=total
        ),
    )
    unreadable = tuple(
        UnreadableFile(file=item.file, reason=item.reason) for item in contents.unreadable
    )
    if request.library and not contents.known and not unreadable:
        raise InputError("The folder holds no PDF file.", "Put the companies' report PDFs into it.")
    known = _by_company(contents, context.directory)
    if request.companies:
        rows = tuple(_named(name, known, context.directory) for name in request.companies)
        return Proposal(rows, unreadable)
    if request.library:
        return Proposal(_of_library(known), unreadable)
    web = context.web.finder.searches_web
    return Proposal(_of_directory(industries, countries, known, context.directory, web=web))


def _by_company(
    contents: ShelfContents, directory: Directory
) -> dict[str, tuple[Company, KnownReport]]:
    """The newest report of each company at hand, in order of their names."""
    newest: dict[str, tuple[Company, KnownReport]] = {}
    for report in contents.known:
        company = report_company(report, directory)
        held = newest.get(company.id)
        if held is None or (report.verdict.year or 0) > (held[1].verdict.year or 0):
            newest[company.id] = (company, report)
    return dict(sorted(newest.items(), key=lambda item: item[1][0].name.casefold()))


def report_company(report: KnownReport, directory: Directory) -> Company:
    """The company a report is of: of the directory where it is known there."""
    name = report.verdict.company or report.file
    listed = directory.find_company(name)
    if listed is not None:
        return listed
    return Company(id=slug(name), name=name, fictional=report.fictional)


def slug(name: str) -> str:
    """A readable id of a name."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "company"


def _named(
    name: str, known: dict[str, tuple[Company, KnownReport]], directory: Directory
) -> ProposedCompany:
    for company, report in known.values():
        if same_company(name, company, report):
            return ProposedCompany(
                company=company,
                reason="You named it; its report is at hand.",
                report_known=report.file,
            )
    company = directory.find_company(name) or Company(id=slug(name), name=name)
    return ProposedCompany(company=company, reason="You named it; no report of it is at hand.")


def _of_library(
    known: dict[str, tuple[Company, KnownReport]],
) -> tuple[ProposedCompany, ...]:
    return tuple(
        ProposedCompany(
            company=company,
            reason=f"Its report is in the folder ({_what(report)}).",
            report_known=report.file,
        )
        for company, report in known.values()
    )


def _of_directory(
    industries: tuple[Industry, ...],
    countries: tuple[str, ...],
    known: dict[str, tuple[Company, KnownReport]],
    directory: Directory,
    *,
    web: bool,
) -> tuple[ProposedCompany, ...]:
    """Listed companies, those with a report at hand first.

    Only those are selected, unless the reports of the others can be looked for on the web.
    """
    listed = {
        company.id: (company, industry)
        for industry in industries
        for company in directory.companies(industry.id, countries)
    }
    rows: list[ProposedCompany] = []
    for company, industry in listed.values():
        held = known.get(company.id)
        where = f"Listed under {industry.name}"
        rows.append(
            ProposedCompany(
                company=company,
                reason=f"{where}; its report is at hand ({_what(held[1])})."
                if held
                else f"{where}; {_where_from(company, web)}",
                report_known=held[1].file if held else "",
                selected=held is not None or web,
            )
        )
    rows.sort(key=lambda row: not row.report_known)
    if rows and not any(row.selected for row in rows):
        return tuple(row.model_copy(update={"selected": True}) for row in rows)
    return tuple(rows)


def recognised(
    rows: tuple[ProposedCompany, ...], limit: int, directory: Directory
) -> tuple[ProposedCompany, ...]:
    """The rows, those that only a model names looked up in the directory.

    One that is listed there (under another industry) becomes that company and is selected while
    there is room. One that is not is marked and left for the user to confirm.
    """
    room = limit - sum(row.selected for row in rows)
    listed = {row.company.id for row in rows if row.known}
    settled: list[ProposedCompany] = []
    for row in rows:
        company = None if row.known else directory.find_company(row.company.name)
        if row.known:
            settled.append(row)
        elif company is None:
            reason = f"{row.reason} Not in the directory: select it only if you know it."
            settled.append(row.model_copy(update={"reason": reason}))
        elif company.id not in listed:
            listed.add(company.id)
            reason = f"{row.reason} Listed in the directory under another industry."
            found = {"company": company, "known": True, "reason": reason, "selected": room > 0}
            settled.append(row.model_copy(update=found))
            room -= 1
    return tuple(settled)


def _where_from(company: Company, web: bool) -> str:
    if not web or company.fictional:
        return "no report at hand yet: upload its PDF."
    if company.domains:
        return f"its report will be looked for on {company.domains[0]}."
    return "its report will be looked for on the web."


def _what(report: KnownReport) -> str:
    kind = report.verdict.kind or "document"
    return f"{kind} {report.verdict.year}" if report.verdict.year else kind
