"""Reports at hand, and which company each is of."""

import re
import unicodedata
from dataclasses import dataclass

from agent.domain import Company, IdentityVerdict
from tools.evidence.identity.data import identity_data
from tools.search.letters import LETTERS

_LEGAL_FORMS = frozenset(
    """
    ag se plc inc incorporated corp corporation co company ltd limited llc lp nv bv sa sas spa srl
    oyj oy asa as ab a s kgaa kg gmbh mbh holding holdings group gruppe kk kabushiki kaisha pjsc
    jsc tbk bhd berhad pt pte sarl aktiengesellschaft the and
    """.split()  # noqa: SIM905 - a word list reads better as words
)


@dataclass(frozen=True, slots=True)
class KnownReport:
    """A report in the library with what its own pages say it is."""

    sha256: str
    file: str
    verdict: IdentityVerdict
    source: str = ""
    fictional: bool = False
    retrieved_at: str = ""
    """When it was fetched from the web, where it was."""


def name_key(name: str) -> tuple[str, ...]:
    """The words of a company's name that tell it apart: no accents, case or legal form.

    A name of nothing but such words keeps them ("The Company Holding").
    """
    plain = (
        unicodedata.normalize("NFKD", name.translate(LETTERS))
        .encode("ascii", "ignore")
        .decode()
        .casefold()
    )
    plain = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", plain)
    words = re.findall(r"[a-z0-9&]+", plain)
    telling = tuple(word for word in words if word not in _LEGAL_FORMS)
    return telling or tuple(words)


def same_name(left: str, right: str) -> bool:
    """Whether two names are of one company: the same telling words, joined or apart.

    A name that only begins with the other is another company ("Shell", "Shell Foundation"),
    unless what follows says nothing ("International", "Worldwide").
    """
    a, b = name_key(left), name_key(right)
    if not a or not b:
        return False
    return "".join(a) == "".join(b) or _telling(a) == _telling(b)


def _telling(key: tuple[str, ...]) -> str:
    generic = identity_data().generic_words
    return "".join(word for word in key if word not in generic) or "".join(key)


def same_company(name: str, company: Company, report: KnownReport | None = None) -> bool:
    """Whether a name the user typed means this company."""
    names = [company.name, *company.aliases]
    if report is not None and report.verdict.company:
        names.append(report.verdict.company)
    return any(same_name(name, other) for other in names)
