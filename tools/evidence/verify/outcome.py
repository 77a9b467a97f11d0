"""The closed outcome of a check: what was decided, and why in words."""

from dataclasses import dataclass
from enum import StrEnum

from agent.domain import ClaimStatus


class Outcome(StrEnum):
    """Why a claim is verified or not. Everything but `BORNE_OUT` means: not shown as a fact."""

    BORNE_OUT = "borne_out"
    NO_EVIDENCE = "no_evidence"
    PAGE_MISSING = "page_missing"
    QUOTE_NOT_ON_PAGE = "quote_not_on_page"
    RECORD_MISSING = "record_missing"
    RECORD_NOT_ON_PAGE = "record_not_on_page"
    CANDIDATE_SHOWN_AS_FACT = "candidate_shown_as_fact"
    NUMBER_NOT_BORNE_OUT = "number_not_borne_out"
    UNIT_NOT_BORNE_OUT = "unit_not_borne_out"
    YEAR_NOT_BORNE_OUT = "year_not_borne_out"
    SCOPE_NOT_BORNE_OUT = "scope_not_borne_out"
    BASIS_NOT_BORNE_OUT = "basis_not_borne_out"
    SUBJECT_NOT_BORNE_OUT = "subject_not_borne_out"
    COMPANY_NOT_BORNE_OUT = "company_not_borne_out"
    DIRECTION_NOT_BORNE_OUT = "direction_not_borne_out"
    NEGATION_DIFFERS = "negation_differs"
    WORD_NOT_BORNE_OUT = "word_not_borne_out"
    TOO_LITTLE_IN_COMMON = "too_little_in_common"
    AMBIGUOUS = "ambiguous"


_CONTRADICTED = frozenset(
    {
        Outcome.QUOTE_NOT_ON_PAGE,
        Outcome.NUMBER_NOT_BORNE_OUT,
        Outcome.UNIT_NOT_BORNE_OUT,
        Outcome.YEAR_NOT_BORNE_OUT,
        Outcome.SCOPE_NOT_BORNE_OUT,
        Outcome.BASIS_NOT_BORNE_OUT,
        Outcome.SUBJECT_NOT_BORNE_OUT,
        Outcome.COMPANY_NOT_BORNE_OUT,
        Outcome.DIRECTION_NOT_BORNE_OUT,
        Outcome.NEGATION_DIFFERS,
        Outcome.RECORD_NOT_ON_PAGE,
    }
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What the check of one claim came to."""

    outcome: Outcome
    reason: str

    @property
    def status(self) -> ClaimStatus:
        """`verified`, `rejected` where evidence speaks against it, else `unverified`."""
        if self.outcome is Outcome.BORNE_OUT:
            return "verified"
        return "rejected" if self.outcome in _CONTRADICTED else "unverified"


class NotBorneOutError(Exception):
    """Raised inside the check as soon as one part of a claim does not hold."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(outcome, reason)
        self.verification = Verification(outcome, reason)
