"""Which company a document is by: names it prints, weighed by where and how often they stand."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tools.evidence.identity.data import identity_data
from tools.evidence.identity.lines import HeadLines, page_lines
from tools.evidence.identity.names import (
    core,
    is_telling,
    legal_names,
    readable,
    squeezed,
    strip_legal_form,
    trim_name,
)
from tools.pdf.page import PageRecord

_WORD = re.compile(r"[\w&+][\w&+.'’!@-]*")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[\s©]*(?:20\d\d)?(?:\s*[-–/]\s*20\d\d)?[\s,]*(?:by\s+)?([^\n.|©]{2,60})",
    re.IGNORECASE,
)
_DEFINED = re.compile(
    r"\((?:[^()]{0,60}?(?:hereinafter|hereafter|referred to as|also|the following|or|„|“|\"|‘|'))"
    r"[\s\"“”„‘’':]*(?:the\s+)?([\w&+][\w&+.'’ -]{1,40}?)[\"“”‘’']*(?:,? (?:or|and) [^()]{2,60})?\)"
)
_DOMAIN = re.compile(
    r"(?:www\.|@|https?://(?:www\.)?|\b)([a-z0-9][a-z0-9-]{1,40})\.(?:com|org|net|co|[a-z]{2})\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Candidate:
    """One company as the document names it, with the grounds for taking it as the author."""

    key: tuple[str, ...]
    forms: Counter[str] = field(default_factory=Counter)
    legal: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    grounds: dict[str, float] = field(default_factory=dict)
    pages: int = 0
    words: int = 0

    @property
    def score(self) -> float:
        return sum(self.grounds.values())

    def ground(self, name: str, weight: float) -> None:
        self.grounds[name] = max(weight, self.grounds.get(name, weight))


class Names:
    """All company names of one document, grouped by their core."""

    def __init__(self) -> None:
        self.by_key: dict[tuple[str, ...], Candidate] = {}

    def add(self, name: str, *, times: int = 1) -> Candidate | None:
        """The candidate of a printed name; None where the name tells nothing."""
        key = core(name)
        if not key or not any(is_telling(word) for word in key) or len("".join(key)) < 2:
            return None
        found = self.by_key.setdefault(key, Candidate(key))
        short, form = strip_legal_form(name)
        found.forms[short] += times
        if form:
            found.legal[re.sub(r"\s+", " ", name).strip()] += times
        return found


def rank(
    pages: Sequence[PageRecord],
    heads: HeadLines,
    metadata: Mapping[str, str],
    file_name: str,
    extra: Iterable[str] = (),
) -> list[Candidate]:
    """Candidates, the likeliest author first. `extra` names are weighed with the printed ones."""
    names = Names()
    _from_legal_forms(names, pages)
    _from_heads(names, heads)
    _from_metadata(names, metadata)
    _from_copyright(names, pages)
    for name in extra:
        names.add(name, times=0)
    _count_mentions(names, pages)
    _from_definitions(names, pages)
    _from_addresses(names, pages, file_name)
    _weigh_third_parties(names)
    return sorted(names.by_key.values(), key=lambda c: (-c.score, -c.words, c.key))


def _from_legal_forms(names: Names, pages: Sequence[PageRecord]) -> None:
    seen_on: dict[tuple[str, ...], set[int]] = defaultdict(set)
    weak: set[tuple[str, ...]] = set()
    strong: set[tuple[str, ...]] = set()
    edge = {p.number for p in (*pages[:3], *pages[-3:])}
    for page in pages:
        for found in legal_names(page.text):
            candidate = names.add(found.full)
            if candidate is None:
                continue
            seen_on[candidate.key].add(page.number)
            (weak if found.weak else strong).add(candidate.key)
            if not found.weak and page.number in edge:
                candidate.ground("legal name on the first or last pages", 3)
    enough = max(3.0, 0.1 * len(pages))
    for key, numbers in seen_on.items():
        weight = 6.0 if key in strong else 2.0
        names.by_key[key].ground("legal name", weight * min(1.0, len(numbers) / enough))


def _from_heads(names: Names, heads: HeadLines) -> None:
    for line in heads.cover:
        for name in _names_beside_title(line):
            candidate = names.add(name)
            if candidate:
                candidate.ground("beside the title", 4)
    for line in heads.running:
        beside = _names_beside_title(line)
        whole = [n.full for n in legal_names(line) if not n.weak]
        for name in (*beside, *whole):
            candidate = names.add(name)
            if candidate:
                candidate.ground("running head", 6)


def _names_beside_title(line: str) -> list[str]:
    """Names directly before or after a document title ("Nordwind Sustainability Report 2023")."""
    for kind in identity_data().kinds:
        for pattern in kind.title:
            match = pattern.search(line)
            if match is None:
                continue
            before = [s for s in _segments(line[: match.start()]) if s]
            after = [s for s in _segments(line[match.end() :]) if s]
            found = [_clean(before[-1])] if before else []
            found += [_clean(after[0])] if after and len(after[0].split()) <= 4 else []
            names = [name for name in found if name]
            if names:
                return names
    return []


def _segments(text: str) -> list[str]:
    parts = re.split(r"[|•·:»/]|\s[–—-]\s|\b(?:19|20)\d\d(?:\s*/\s*\d\d)?\b", text)
    return [part.strip(" .,–—-") for part in parts if any(c.isalpha() for c in part)]


def _clean(segment: str) -> str:
    tokens = _WORD.findall(segment)
    tokens = trim_name(tokens)
    if not tokens or len(tokens) > 5:
        return ""
    proper = sum(t[0].isupper() or t[0].isdigit() for t in tokens)
    return " ".join(tokens) if proper * 2 >= len(tokens) or len(tokens) == 1 else ""


def _from_metadata(names: Names, metadata: Mapping[str, str]) -> None:
    lowered = {key.casefold(): value for key, value in metadata.items()}
    title, author = lowered.get("title", ""), lowered.get("author", "")
    found = [(name, 4.0) for name in _names_beside_title(title)]
    segments = _segments(title)
    if len(segments) > 1:
        found += [(_clean(segment), 2.0) for segment in (segments[0], segments[-1])]
    found += [(_clean(author), 3.0)]
    for name, weight in found:
        candidate = names.add(name) if name else None
        if candidate:
            candidate.ground("the file's own title or author", weight)


def _from_copyright(names: Names, pages: Sequence[PageRecord]) -> None:
    for page in (*pages[:3], *pages[-4:]):
        for match in _COPYRIGHT.finditer(page.text):
            legal = next(iter(legal_names(match.group(1))), None)
            name = legal.full if legal else _clean(match.group(1).split(",")[0])
            candidate = names.add(name) if name else None
            if candidate:
                candidate.ground("copyright line", 4)


def _count_mentions(names: Names, pages: Sequence[PageRecord]) -> None:
    """Count on how many pages each name stands; a longer name is not counted as a shorter one."""
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key in names.by_key:
        by_first[key[0]].append(key)
    for keys in by_first.values():
        keys.sort(key=len, reverse=True)
    readable_pages = 0
    for page in pages:
        words = [_plain_word(w) for w in _WORD.findall(page.text)]
        words = [w for w in words if w]
        readable_pages += len(words) > 30
        on_page: Counter[tuple[str, ...]] = Counter()
        at = 0
        while at < len(words):
            named = _key_at(words, at, by_first)
            if named is not None:
                on_page[named] += 1
            at += len(named) if named else 1
        for key, times in on_page.items():
            names.by_key[key].pages += 1
            names.by_key[key].words += times
    for candidate in names.by_key.values():
        share = candidate.pages / max(1, readable_pages)
        candidate.ground("pages that name it", 10 * min(1.0, share))


def _plain_word(word: str) -> str:
    plain = word.strip(".'’!-").casefold().replace("’", "'").removesuffix("'s")
    return plain if is_telling(plain) or not plain else ""


def _key_at(
    words: Sequence[str], at: int, by_first: Mapping[str, Sequence[tuple[str, ...]]]
) -> tuple[str, ...] | None:
    for key in by_first.get(words[at], ()):
        if tuple(words[at : at + len(key)]) == key:
            return key
    return None


def _from_definitions(names: Names, pages: Sequence[PageRecord]) -> None:
    """Short names a document gives itself: "NORDHAVN Holding AG (hereinafter also: NORDHAVN)"."""
    for page in pages[:15]:
        text = " ".join(page_lines(page))
        for match in _DEFINED.finditer(text):
            before = text[max(0, match.start() - 60) : match.start()]
            legal = list(legal_names(before))
            if not legal or before[legal[-1].start :].strip(" ,")[-2:] not in legal[-1].full:
                continue
            alias = _clean(match.group(1))
            candidate = names.by_key.get(core(legal[-1].full))
            if alias and candidate and core(alias):
                candidate.aliases.add(alias)


def _from_addresses(names: Names, pages: Sequence[PageRecord], file_name: str) -> None:
    domains: Counter[str] = Counter()
    for page in pages:
        domains.update({d.casefold() for d in _DOMAIN.findall(page.text)})
    usual = [squeezed((d.replace("-", ""),)) for d, n in domains.most_common(4) if n >= 2]
    stem = squeezed((re.sub(r"[^\w&]", "", file_name.rsplit(".", 1)[0]).casefold(),))
    for candidate in names.by_key.values():
        name = squeezed(candidate.key)
        first = squeezed(candidate.key[:1])
        if len(name) < 3:
            continue
        if any(d.startswith(name) or (len(d) >= 4 and name.startswith(d)) for d in usual):
            candidate.ground("web address", 3)
        elif len(first) >= 4 and any(d.startswith(first) for d in usual):
            candidate.ground("web address", 2)
        if stem and (name in stem or (len(first) >= 4 and first in stem)):
            candidate.ground("file name", 1.5)


def _weigh_third_parties(names: Names) -> None:
    for candidate in names.by_key.values():
        text = f" {' '.join(candidate.key)} "
        if any(f" {party} " in text for party in identity_data().third_parties):
            candidate.ground("auditor, exchange or standard setter", -8)


def display_name(candidate: Candidate, ranked: Sequence[Candidate]) -> tuple[str, str]:
    """A short usable name and the legal name, "" where the document prints none.

    Where the winner is a bare first name ("BRENN") and the document's commonest legal name begins
    with it ("BRENN Software AG"), that legal name is the company's.
    """
    legal = candidate.legal
    chosen = candidate
    if not _strong(legal):
        longer = [
            c
            for c in ranked
            if len(c.key) > len(candidate.key)
            and c.key[: len(candidate.key)] == candidate.key
            and _strong(c.legal)
            and c.score >= 0.3 * candidate.score
        ]
        if longer:
            chosen = longer[0]
    legal_name = _commonest(_strong(chosen.legal) or chosen.legal)
    short = strip_legal_form(legal_name)[0] if legal_name else _commonest(chosen.forms)
    return readable(short or " ".join(chosen.key)), legal_name


def _strong(legal: Counter[str]) -> Counter[str]:
    kept = identity_data().kept_forms
    weak = set(kept) | {"Company"}
    return Counter({n: c for n, c in legal.items() if not n.endswith(tuple(" " + w for w in weak))})


def _commonest(names: Counter[str]) -> str:
    return max(names, key=lambda n: (names[n], not n.isupper(), len(n)), default="")
