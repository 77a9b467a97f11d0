"""From a model's choice of companies to rows for the user's review."""

import re
import unicodedata

from agent.analyst.model_replies import IdentifyReply
from agent.domain import Company, ProposedCompany
from agent.prompts.hygiene import clean_line

UNCHECKED = "Proposed by the model from general knowledge, not checked"
MOST_CANDIDATES = 60
"""Candidates a model is shown; the directory's order decides which."""
_LONGEST_REASON = 240
_MARKUP = re.compile(r"https?:|www\.|[<>`\[\]{}]")
_CHECKABLE = re.compile(rf"\d|{_MARKUP.pattern}")


def candidate_lines(candidates: tuple[ProposedCompany, ...]) -> str:
    """The candidates as the model reads them, each under a short id."""
    lines = []
    for number, row in enumerate(candidates[:MOST_CANDIDATES], 1):
        at_hand = "its report is at hand" if row.report_known else "no report at hand"
        parts = (f"C{number}", row.company.name, row.company.country, at_hand)
        lines.append(" | ".join(clean_line(part) for part in parts if part))
    return "\n".join(lines)


def proposals(
    reply: IdentifyReply, candidates: tuple[ProposedCompany, ...], limit: int
) -> tuple[ProposedCompany, ...]:
    """Chosen companies in the model's order, at most `limit` of them selected; then the rest.

    A company left out stays in the list, not selected, with the reason: the user decides. What
    the directory said of a candidate is kept; the model's reason, which nobody checked, is
    marked as its own and dropped where it holds a figure or an address. A company that only the
    model names is never selected: whoever knows the directory may find it there.
    """
    by_id = {f"C{number}": row for number, row in enumerate(candidates, 1)}
    rows: dict[str, ProposedCompany] = {}
    for choice in reply.chosen:
        row = by_id.get(choice.id.strip().upper())
        if row is None or row.company.id in rows:
            continue
        told = _with_reason(row, "Model", choice.reason)
        if len(rows) >= limit:
            beyond = f"{told.reason} Left out: the list is limited to {limit}."
            told = told.model_copy(update={"reason": beyond, "selected": False})
        rows[row.company.id] = told
    rows |= _added(reply, candidates)
    why = {choice.id.strip().upper(): choice.reason for choice in reply.left_out}
    for key, row in by_id.items():
        if row.company.id not in rows:
            left = _with_reason(row, "Left out", why.get(key, ""), "Left out by the model.")
            rows[row.company.id] = left.model_copy(update={"selected": False})
    return tuple(rows.values())


def _added(
    reply: IdentifyReply, candidates: tuple[ProposedCompany, ...]
) -> dict[str, ProposedCompany]:
    known = {
        name.casefold() for row in candidates for name in (row.company.name, *row.company.aliases)
    }
    added: dict[str, ProposedCompany] = {}
    for addition in reply.added:
        name = clean_line(addition.name)[:120]
        if not name or name.casefold() in known or _MARKUP.search(name):
            continue
        company = Company(id=_slug(name), name=name, country=clean_line(addition.country)[:60])
        reason = _own_words(addition.reason)
        added[company.id] = ProposedCompany(
            company=company,
            reason=f"{UNCHECKED}: {reason}" if reason else f"{UNCHECKED}.",
            selected=False,
            known=False,
        )
    return added


def _with_reason(
    row: ProposedCompany, label: str, reason: str, otherwise: str = ""
) -> ProposedCompany:
    own = _own_words(reason)
    said = f"{label}: {own}" if own else otherwise
    told = " ".join(part for part in (row.reason, said) if part)
    return row.model_copy(update={"reason": told, "selected": True})


def _own_words(reason: str) -> str:
    text = clean_line(reason)
    if _CHECKABLE.search(text):
        return ""
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]} …"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "company"
