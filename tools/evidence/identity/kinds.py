"""What kind of document it is: a company's report, or something else that names companies."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.evidence.identity.data import Kind, identity_data
from tools.evidence.identity.lines import HeadLines, plain_text
from tools.pdf.page import PageRecord

_FIRST_PAGES = 3
_CONTENT_SIGNS = (
    r"\bscope [12]\b",
    r"\bgreenhouse gas",
    r"\bmaterial(ity)? (topics|analysis|assessment|matters)\b",
    r"\bGRI\b",
    r"\bsustainability report",
    r"\breporting (period|year|boundar)",
    r"\bstakeholder",
    r"\brenewable (energy|electricity)\b",
)
_NON_FINANCIAL = re.compile(
    r"\bnon-?financial (group )?(report|statement|declaration)"
    r"|\bsustainability (statement|report)\b|\bnichtfinanzielle",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class KindFound:
    """The kind, whether such a document is read as a report, and why, in words."""

    name: str
    accepted: bool
    reason: str


def document_kind(
    pages: Sequence[PageRecord], heads: HeadLines, metadata: Mapping[str, str]
) -> KindFound:
    """Tell reports from judgments, press releases, policies, forms and other papers."""
    first = plain_text(pages, _FIRST_PAGES)
    for kind in identity_data().kinds:
        if not kind.body or (kind.most_pages and len(pages) > kind.most_pages):
            continue
        hits = [m.group().strip() for p in kind.body if (m := p.search(first))]
        if len(hits) >= kind.least:
            return KindFound(kind.name, kind.accepted, f"its first pages read “{hits[0]}”")
    scored = _by_title(pages, heads, metadata)
    if scored:
        best, words = max(scored.values(), key=lambda s: s[0][0])
        kind = best[1]
        name = _combined(kind.name, pages)
        return KindFound(name, kind.accepted, f"it is titled “{words}”")
    return _by_content(pages, first)


_Score = tuple[float, Kind]


def _by_title(
    pages: Sequence[PageRecord], heads: HeadLines, metadata: Mapping[str, str]
) -> dict[str, tuple[_Score, str]]:
    title = next((v for k, v in metadata.items() if k.casefold() == "title"), "")
    weighed = [(line, 3.0 if at < 4 else 2.0) for at, line in enumerate(heads.cover)]
    weighed += [(line, 3.0) for line in heads.running]
    weighed += [(title, 2.5)] if title else []
    found: dict[str, tuple[_Score, str]] = {}
    for kind in identity_data().kinds:
        if kind.most_pages and len(pages) > kind.most_pages:
            continue
        for line, weight in weighed:
            match = next((m for p in kind.title if (m := p.search(line))), None)
            if match is None:
                continue
            before = found.get(kind.name, ((0.0, kind), ""))
            total = before[0][0] + (weight if not before[1] else weight / 3)
            found[kind.name] = ((total, kind), before[1] or match.group().strip())
    return found


def _combined(name: str, pages: Sequence[PageRecord]) -> str:
    if name != "annual report":
        return name
    carrying = sum(bool(_NON_FINANCIAL.search(page.text)) for page in pages)
    return "combined annual report" if carrying >= max(3, 0.03 * len(pages)) else name


def _by_content(pages: Sequence[PageRecord], first: str) -> KindFound:
    text = plain_text(pages, 15)
    words = _NON_FINANCIAL.search(first)
    if words is not None:
        return KindFound("non-financial report", True, f"its first pages read “{words.group()}”")
    signs = [s for s in _CONTENT_SIGNS if re.search(s, text, re.IGNORECASE)]
    if len(signs) >= 4 and len(pages) >= 8:
        return KindFound(
            "sustainability report", True, "it reads like one, though no title says so"
        )
    return KindFound("other", False, "no title or content of a company report was found")
