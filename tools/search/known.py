"""Reports at hand, and which company each is of."""

import re
import unicodedata
from dataclasses import dataclass

from agent.domain import Company, IdentityVerdict

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


def name_key(name: str) -> tuple[str, ...]:
    """The words of a company's name that tell it apart: no accents, case or legal form.

    A name of nothing but such words keeps them ("The Company Holding").
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", plain)
    words = re.findall(r"[a-z0-9&]+", plain)
    telling = tuple(word for word in words if word not in _LEGAL_FORMS)
    return telling or tuple(words)


def same_name(left: str, right: str) -> bool:
    """Whether two names are of one company: equal keys, or one begins with the other."""
    a, b = name_key(left), name_key(right)
    if not a or not b:
        return False
    if "".join(a) == "".join(b):
        return True
    shorter, longer = sorted((a, b), key=len)
    return longer[: len(shorter)] == shorter and len("".join(shorter)) >= 3


def same_company(name: str, company: Company, report: KnownReport | None = None) -> bool:
    """Whether a name the user typed means this company."""
    names = [company.name, *company.aliases]
    if report is not None and report.verdict.company:
        names.append(report.verdict.company)
    return any(same_name(name, other) for other in names)
