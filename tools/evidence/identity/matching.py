"""Whether the name someone asks for is the name a document goes by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.evidence.identity.candidates import Candidate
from tools.evidence.identity.data import identity_data
from tools.evidence.identity.names import core, squeezed, strip_legal_form

_LEAST_SCORE = 6.0
"""A candidate with less behind it is not taken as the document's author."""


@dataclass(frozen=True, slots=True)
class NameVerdict:
    """How an asked name and the document's own name go together, with the reason in words."""

    verdict: Literal["match", "mismatch", "uncertain"]
    reason: str


def compare_names(
    asked: Sequence[str], own: str, winner: Candidate, ranked: Sequence[Candidate]
) -> NameVerdict:
    """Compare every asked name (name and aliases) with the document's own."""
    own_keys = {core(own), winner.key, *(core(alias) for alias in winner.aliases)}
    keys = [core(name) for name in asked if name.strip()]
    mentioned = max((c.pages for c in ranked if c.key in keys), default=0)
    if winner.score < _LEAST_SCORE:
        return NameVerdict("uncertain", "The document does not say clearly whose report it is.")
    if any(_same(key, mine) for key in keys for mine in own_keys):
        return NameVerdict("match", f"The document names {own} as its company.")
    if any(_initials(key, mine) for key in keys for mine in own_keys) and mentioned:
        return NameVerdict("match", f"The document names {own}, also by its initials.")
    for key in keys:
        verdict = _part_of_name(key, own, own_keys, ranked)
        if verdict is not None:
            return verdict
    named = f"; it mentions {asked[0]} on {mentioned} pages" if mentioned else ""
    return NameVerdict("mismatch", f"The document is by {own}, not by {asked[0]}{named}.")


def _same(asked: tuple[str, ...], own: tuple[str, ...]) -> bool:
    return asked == own or (squeezed(asked) == squeezed(own) and bool(squeezed(own)))


def _initials(asked: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """ "BMW" for "Bayerische Motoren Werke", either way round."""

    def short_for(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
        return len(short) == 1 and len(full) >= 3 and short[0] == "".join(w[0] for w in full)

    return short_for(asked, own) or short_for(own, asked)


def _part_of_name(
    asked: tuple[str, ...],
    own: str,
    own_keys: set[tuple[str, ...]],
    ranked: Sequence[Candidate],
) -> NameVerdict | None:
    """A shared beginning: the short name of the same company, or another of the same family."""
    for mine in own_keys:
        if not (set(asked) < set(mine) or set(mine) < set(asked)):
            continue
        extra = set(asked) ^ set(mine)
        name = " ".join(asked)
        if extra & identity_data().other_bodies:
            return NameVerdict(
                "mismatch",
                f"The document is by {own}, another body than “{name}” "
                f"({', '.join(sorted(extra))}).",
            )
        short, full = sorted((asked, mine), key=len)
        if asked == short and mine[: len(short)] == short and _used_alone(short, full, ranked):
            return NameVerdict(
                "match", f"The document names {own} and calls it “{name}” for short."
            )
        return NameVerdict(
            "uncertain",
            f"The document is by {own}; “{name}” may be another company of a like name.",
        )
    return None


def _used_alone(short: tuple[str, ...], full: tuple[str, ...], ranked: Sequence[Candidate]) -> bool:
    """Whether the document itself goes by the short name at least as often as by the full one."""
    words = {c.key: c.words for c in ranked}
    legal = next((c for c in ranked if c.key == short), None)
    other_company = legal is not None and any(
        strip_legal_form(name)[1] not in {"", *identity_data().weak_forms} for name in legal.legal
    )
    return not other_company and words.get(short, 0) >= words.get(full, 0) > 0
