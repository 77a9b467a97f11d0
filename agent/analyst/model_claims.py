"""From a model's sentences to claims: ids become places, and what cannot hold is refused."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from agent.analyst.model_evidence import CANDIDATE, EvidenceSheet, Item
from agent.analyst.model_replies import Draft
from agent.domain import Claim, ClaimStatus, Company, KpiRecord
from agent.prompts.hygiene import clean_line

LONGEST_CLAIM = 600

_ADDRESS = re.compile(r"https?:|www\.|\]\(|</?[a-z!]|[`{}]|!\[|@\w+\.\w", re.IGNORECASE)
_ID = re.compile(r"[\[(]\s*[KPTSC]\d+(?:\s*,\s*[KPTSC]\d+)*\s*[\])]")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_GUESS = re.compile(
    r"\b(?:likely|unlikely|probably|presumably|perhaps|possibly|apparently|seemingly|seems?|"
    r"appears? to|suggests?|might|could|potentially|in (?:my|our) (?:view|opinion)|i think)\b",
    re.IGNORECASE,
)


class ClaimChecker(Protocol):
    """Checks claims against the pages they cite; gives them back with status and reason.

    Supplied from outside: this package knows no pages. `records` are the figures the claims
    may name, `companies` those the reports are of, by the report's sha256.
    """

    async def __call__(
        self,
        claims: tuple[Claim, ...],
        records: tuple[KpiRecord, ...],
        companies: Mapping[str, Company],
    ) -> tuple[Claim, ...]:
        """The same claims in the same order, with status and reason set."""
        ...


class Verification(Protocol):
    """What a check of a single claim found."""

    @property
    def status(self) -> ClaimStatus:
        """Whether the claim holds."""
        ...

    @property
    def reason(self) -> str:
        """Why it does not, in words."""
        ...


Verifier = Callable[[Claim], Verification | Awaitable[Verification]]


def checker_of(verify: Verifier) -> ClaimChecker:
    """A checker from a function that verifies one claim at a time."""

    async def check(
        claims: tuple[Claim, ...],
        records: tuple[KpiRecord, ...],
        companies: Mapping[str, Company],
    ) -> tuple[Claim, ...]:
        checked = []
        for claim in claims:
            found = verify(claim)
            result = await found if isinstance(found, Awaitable) else found
            update = {"status": result.status, "reason": result.reason}
            checked.append(claim.model_copy(update=update))
        return tuple(checked)

    return check


@dataclass(frozen=True)
class Scope:
    """What claims are made from and may be about."""

    sheet: EvidenceSheet
    prefix: str
    """Begins the ids of the claims, so that no two texts share one."""
    topics: tuple[str, ...]
    records: tuple[KpiRecord, ...] = ()
    companies: Mapping[str, Company] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """A draft and the claim made of it."""

    draft: Draft
    claim: Claim


def make_claim(draft: Draft, scope: Scope, number: int) -> Claim:
    """The claim of a draft, with its places attached.

    It is `rejected`, with the reason, where no look at a page is needed to refuse it: an id
    that was not given, another company's evidence, an address, a guess. A figure that was
    found one way only is said to be a candidate, whether or not the model said so.
    """
    text = clean_line(_ID.sub("", draft.text))
    cites = [cite.strip().strip("[]()").upper() for cite in draft.cites]
    items = [scope.sheet.items[cite] for cite in cites if cite in scope.sheet.items]
    unknown = [cite for cite in cites if cite not in scope.sheet.items]
    reason = _refusal(text, items, unknown, scope.sheet)
    if any(item.candidate for item in items) and "candidate" not in text.casefold():
        text = f"{CANDIDATE.capitalize()}: {text}"
    owners = tuple(dict.fromkeys(item.company for item in items))
    return Claim(
        id=f"{scope.prefix}-{number}",
        text=text[:LONGEST_CLAIM],
        topic=_topic(draft.topic, scope.topics),
        company=owners[0] if len(owners) == 1 else None,
        evidence=tuple(dict.fromkeys(place for item in items for place in item.evidence)),
        kpis=tuple(dict.fromkeys(kpi for item in items for kpi in item.kpis)),
        status="rejected" if reason else "unverified",
        reason=reason,
    )


def _refusal(text: str, items: list[Item], unknown: list[str], sheet: EvidenceSheet) -> str:
    guess = _GUESS.search(text)
    guessed = guess[0] if guess and guess[0].lower() not in _words(items) else ""
    reasons = (
        (not text, "The sentence is empty."),
        (len(text) > LONGEST_CLAIM, "The sentence is too long."),
        (_ADDRESS.search(text), "The sentence holds an address or markup."),
        (unknown, f"It cites {', '.join(unknown)[:40]}, which is not among the evidence."),
        (not items, "It cites no evidence."),
        (guessed, f"“{guessed}” is a guess that the evidence does not make."),
        (not _speaks_of(text, items), "The cited evidence does not speak of it."),
    )
    first = next((reason for holds, reason in reasons if holds), "")
    return first or _wrong_company(text, items, sheet)


def _speaks_of(text: str, items: list[Item]) -> bool:
    """Whether the evidence has at least a third of the sentence's words, by their beginnings."""
    names = {word for item in items for word in _beginnings(item.company)}
    said = _beginnings(text) - names
    return 3 * len(said & _beginnings(_words(items))) >= len(said)


def _beginnings(text: str) -> set[str]:
    return {word[:5] for word in _LONG_WORD.findall(text.lower())}


def _wrong_company(text: str, items: list[Item], sheet: EvidenceSheet) -> str:
    """A sentence is about the companies it cites: each named is cited, each cited is named."""
    if len(sheet.companies) < 2:
        return ""
    cited = {item.company for item in items}
    named = {company for company in sheet.companies if names_company(text, company, sheet)}
    for company in sorted(named - cited):
        return f"It names {company} and cites none of its evidence."
    for company in sorted(cited - named):
        return f"It cites evidence of {company} and does not name it."
    return ""


def names_company(text: str, company: str, sheet: EvidenceSheet) -> bool:
    """Whether the text names the company, in full or by a word no other company's name has."""
    words = text.casefold()
    if company.casefold() in words:
        return True
    others = {w for c in sheet.companies if c != company for w in _name_words(c)}
    own = [w for w in _name_words(company) if w not in others]
    return bool(own) and re.search(rf"\b{re.escape(own[0])}\b", words) is not None


def _name_words(company: str) -> list[str]:
    return [word for word in re.findall(r"\w+", company.casefold()) if len(word) > 2]


def _words(items: Iterable[Item]) -> str:
    quotes = (place.quote for item in items for place in item.evidence)
    return " ".join([*quotes, *(item.line for item in items)]).lower()


def _topic(topic: str, topics: tuple[str, ...]) -> str:
    """The topic in its spelling of the list; one not in the list is the last."""
    known = {name.casefold(): name for name in topics}
    return known.get(clean_line(topic).casefold(), topics[-1] if topics else "")


async def check_sentences(
    drafts: Iterable[Draft], scope: Scope, checker: ClaimChecker | None, start: int = 1
) -> list[Sentence]:
    """Claims of the drafts, each checked against its pages unless it was refused before."""
    sentences = [
        Sentence(draft, make_claim(draft, scope, number))
        for number, draft in enumerate(drafts, start)
    ]
    open_claims = tuple(s.claim for s in sentences if s.claim.status != "rejected")
    if checker is None or not open_claims:
        return sentences
    checked = await checker(open_claims, scope.records, scope.companies)
    by_id = {claim.id: claim for claim in checked}
    return [Sentence(s.draft, by_id.get(s.claim.id, s.claim)) for s in sentences]


def may_be_shown(claim: Claim, checker: ClaimChecker | None) -> bool:
    """Whether a claim goes on: a verified one.

    Without a checker whoever gets the claims has to verify them: all but the refused go on.
    """
    return claim.status == "verified" or (checker is None and claim.status == "unverified")


def wants_repair(claim: Claim, checker: ClaimChecker | None) -> bool:
    """Whether the model should write the sentence anew: it was refused or found wanting."""
    return claim.status == "rejected" or (checker is not None and claim.status == "unverified")
