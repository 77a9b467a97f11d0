"""Document identity: whose report a PDF is, for which year, of which kind, in which language.

`describe` reads it from the document alone; `identify` compares it with what is asked for.
Nothing is taken from the address a file came from, and the file name counts only a little.
"""

from collections.abc import Mapping, Sequence

from agent.domain import Company, IdentityVerdict
from tools.evidence.identity.candidates import display_name, rank
from tools.evidence.identity.kinds import KindFound, document_kind
from tools.evidence.identity.language import document_languages
from tools.evidence.identity.lines import head_lines
from tools.evidence.identity.matching import NameVerdict, compare_names
from tools.evidence.identity.years import YearFound, fiscal_year
from tools.pdf.page import PageRecord

__all__ = ["describe", "identify", "own_names"]

_SURE = 6.0


def describe(
    pages: Sequence[PageRecord], metadata: Mapping[str, str], file_name: str = ""
) -> IdentityVerdict:
    """Say what a document is by itself.

    `match` means a company's report whose company was found; `uncertain` that the company is not
    clear; `mismatch` that it is no report of a company. `company` is a short usable name.
    """
    heads = head_lines(pages)
    ranked = rank(pages, heads, metadata, file_name)
    kind = document_kind(pages, heads, metadata)
    year = fiscal_year(pages, heads, metadata, file_name)
    languages = document_languages(pages)
    company, legal, sure = None, "", False
    if ranked:
        company, legal = display_name(ranked[0], ranked)
        sure = ranked[0].score >= _SURE
    reasons = [_kind_reason(kind)]
    if not any(page.text.strip() for page in pages):
        reasons.append("No page carries text that could be read.")
    if company and sure:
        grounds = ", ".join(g for g, w in ranked[0].grounds.items() if w > 0)
        reasons.append(f"It is by {legal or company} ({grounds}).")
    else:
        reasons.append("No company stands out as its author.")
    reasons += _common_reasons(year, languages)
    return IdentityVerdict(
        verdict="mismatch" if not kind.accepted else "match" if sure else "uncertain",
        company=company if sure else None,
        year=year.year,
        kind=kind.name,
        language=languages[0] if languages else None,
        reasons=tuple(reasons),
    )


def identify(
    pages: Sequence[PageRecord],
    metadata: Mapping[str, str],
    *,
    company: Company | str | None,
    aliases: Sequence[str] = (),
    year: int | None = None,
    file_name: str = "",
) -> IdentityVerdict:
    """Say whether a document is the report of `company` for fiscal `year`.

    `company` may be a name; its own aliases and `aliases` count as the same company. Without a
    year any year will do; without a company this is `describe`. `mismatch` and `uncertain` carry
    the reasons in words.
    """
    if company is None:
        return _with_year(describe(pages, metadata, file_name), year, None)
    names = [company] if isinstance(company, str) else [company.name, *company.aliases]
    asked = [name for name in (*names, *aliases) if name.strip()]
    heads = head_lines(pages)
    ranked = rank(pages, heads, metadata, file_name, extra=asked)
    kind = document_kind(pages, heads, metadata)
    found_year = fiscal_year(pages, heads, metadata, file_name)
    languages = document_languages(pages)
    if not ranked:
        own, by_name = None, NameVerdict("uncertain", "The document names no company.")
    else:
        own, _ = display_name(ranked[0], ranked)
        by_name = compare_names(asked, own, ranked[0], ranked)
    verdict = by_name.verdict
    reasons = [by_name.reason, _kind_reason(kind)]
    if not kind.accepted:
        verdict = "mismatch"
        reasons.insert(0, f"This is no report of a company: {kind.name}.")
    reasons += _common_reasons(found_year, languages)
    result = IdentityVerdict(
        verdict=verdict,
        company=own,
        year=found_year.year,
        kind=kind.name,
        language=languages[0] if languages else None,
        reasons=tuple(reasons),
    )
    return _with_year(result, year, found_year.title_year)


def own_names(
    pages: Sequence[PageRecord], metadata: Mapping[str, str], file_name: str = ""
) -> tuple[str, ...]:
    """The names a document uses for its own company, the short usable one first."""
    ranked = rank(pages, head_lines(pages), metadata, file_name)
    if not ranked or ranked[0].score < _SURE:
        return ()
    short, legal = display_name(ranked[0], ranked)
    names = [short, legal, *ranked[0].forms, *sorted(ranked[0].aliases)]
    return tuple(dict.fromkeys(name for name in names if name))


def _kind_reason(kind: KindFound) -> str:
    return f"Kind: {kind.name}, because {kind.reason}."


def _common_reasons(year: YearFound, languages: Sequence[str]) -> list[str]:
    reasons = [f"Fiscal year {year.year}: {year.reason}." if year.year else "No fiscal year found."]
    if len(languages) > 1:
        reasons.append(f"Part of it is in another language ({', '.join(languages[1:])}).")
    return reasons


def _with_year(
    verdict: IdentityVerdict, asked: int | None, title_year: int | None
) -> IdentityVerdict:
    if asked is None or verdict.year == asked:
        return verdict
    if verdict.year is None:
        words, outcome = f"No fiscal year was found to compare with {asked}.", "uncertain"
    elif title_year == asked:
        words = f"It is titled {asked} but reports on fiscal year {verdict.year}."
        outcome = "uncertain"
    else:
        words, outcome = f"It reports on fiscal year {verdict.year}, not {asked}.", "mismatch"
    if verdict.verdict == "mismatch":
        outcome = "mismatch"
    return verdict.model_copy(update={"verdict": outcome, "reasons": (words, *verdict.reasons)})
