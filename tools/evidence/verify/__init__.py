"""Whether a claim is borne out by the places it cites.

`check` says so with a closed outcome and a reason in words; `verify` gives the claim back with
its status and reason. Ambiguous means not verified.
"""

import re
from collections.abc import Mapping, Sequence

from agent.domain import Claim, Company, KpiRecord
from tools.evidence.identity.names import core, strip_legal_form
from tools.evidence.verify.figures import Figures, check_figures
from tools.evidence.verify.outcome import NotBorneOutError, Outcome, Verification
from tools.evidence.verify.prose import check_prose
from tools.evidence.verify.support import PageOf, claim_records, supports
from tools.pdf.page import PageRecord

__all__ = ["Outcome", "Verification", "check", "verify"]

Companies = Mapping[str, Company] | Sequence[Company]
"""Companies by the sha256 of their report, or simply all companies of an analysis."""


def verify(
    claim: Claim,
    pages: PageOf | Mapping[int, PageRecord],
    *,
    records: Mapping[str, KpiRecord] | None = None,
    companies: Companies = (),
) -> Claim:
    """The claim with `status` and `reason` set by `check`."""
    result = check(claim, pages, records=records, companies=companies)
    return claim.model_copy(update={"status": result.status, "reason": result.reason})


def check(
    claim: Claim,
    pages: PageOf | Mapping[int, PageRecord],
    *,
    records: Mapping[str, KpiRecord] | None = None,
    companies: Companies = (),
) -> Verification:
    """Check one claim against its quotes and the records it is made from.

    `pages` gives a page by report and number (or by number alone, for one report). The quotes
    must stand on their pages; every number, unit, year, scope, basis, direction and name of the
    claim must be borne out by them, or by a record whose own quote stands on its page.
    """
    page_of = _page_of(pages)
    try:
        places = supports(claim, page_of)
        figures = claim_records(claim, records or {}, page_of)
        names = _names(claim, companies, page_of)
        _check_company(claim, companies, names)
        if figures:
            count = len(companies)
            check_figures(claim.text, Figures(tuple(figures), names, count), places)
        else:
            own = [n for place in claim.evidence for n in names.get(place.report, ())]
            check_prose(claim.text, places, tuple(dict.fromkeys(own)))
    except NotBorneOutError as failure:
        return failure.verification
    pages_cited = ", ".join(str(p) for p in dict.fromkeys(e.page for e in claim.evidence))
    return Verification(Outcome.BORNE_OUT, f"Borne out by page {pages_cited}.")


def _page_of(pages: PageOf | Mapping[int, PageRecord]) -> PageOf:
    if isinstance(pages, Mapping):
        by_number = pages
        return lambda _report, number: by_number.get(number)
    return pages


def _names(claim: Claim, companies: Companies, page_of: PageOf) -> dict[str, tuple[str, ...]]:
    """The names of the company behind each cited report.

    Where companies are not given by report, a report is one's whose name its cited pages carry.
    """
    found: dict[str, tuple[str, ...]] = {}
    for report in dict.fromkeys(e.report for e in claim.evidence):
        if isinstance(companies, Mapping):
            company = companies.get(report)
            found[report] = _spellings(company) if company else ()
            continue
        likely = list(companies)
        if len(likely) > 1:
            likely = _named_on_pages(claim, report, likely, page_of)
        found[report] = _spellings(likely[0]) if len(likely) == 1 else ()
    return found


def _spellings(company: Company) -> tuple[str, ...]:
    names = [company.name, *company.aliases]
    short = [strip_legal_form(name)[0] for name in names]
    bare = [" ".join(w for w in name.split() if w.casefold() in set(core(name))) for name in short]
    return tuple(dict.fromkeys(n for n in (*names, *short, *bare) if n))


def _named_on_pages(
    claim: Claim, report: str, companies: Sequence[Company], page_of: PageOf
) -> list[Company]:
    texts = [
        page.text.casefold()
        for place in claim.evidence
        if place.report == report and (page := page_of(report, place.page)) is not None
    ]
    counts = {
        company.id: sum(
            text.count(name.casefold()) for text in texts for name in _spellings(company)[-1:]
        )
        for company in companies
    }
    return [company for company in companies if counts[company.id]]


def _check_company(
    claim: Claim, companies: Companies, names: Mapping[str, tuple[str, ...]]
) -> None:
    """The company a claim is filed under is the one whose report it cites."""
    everyone = list(companies.values() if isinstance(companies, Mapping) else companies)
    cited = {core(name) for own in names.values() for name in own}
    quotes = " ".join(place.quote for place in claim.evidence)
    for company in everyone:
        spellings = _spellings(company)
        if cited & {core(name) for name in spellings} or not cited:
            continue
        for name in spellings:
            pattern = rf"(?<![\w&]){re.escape(name)}(?![\w&])"
            if re.search(pattern, claim.text, re.I) and not re.search(pattern, quotes, re.I):
                raise NotBorneOutError(
                    Outcome.COMPANY_NOT_BORNE_OUT, f"No report of {name} is cited."
                )
    if claim.company is None:
        return
    asked = {core(claim.company)}
    asked |= {
        core(name) for c in everyone if claim.company in (c.id, c.name) for name in _spellings(c)
    }
    for report, own in names.items():
        if own and not asked & {core(name) for name in own}:
            raise NotBorneOutError(
                Outcome.COMPANY_NOT_BORNE_OUT,
                f"The report {report[:8]} is not one of {claim.company}.",
            )
