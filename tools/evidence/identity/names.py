"""Company names as printed: where they stand before a legal form, and what their core is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tools.evidence.identity.data import identity_data

_CONNECTORS = frozenset(
    {"&", "and", "of", "de", "der", "du", "la", "und", "for", "et", "y", "e", "+"}
)
_TOKEN = re.compile(r"[\w&+][\w&+.'’!@-]*")
_BREAK = re.compile(r"[,;:()|•/\n\r\t»«“”\"…]|(?<=\w\w)\.\s|\s[–—-]\s")
_MOST_TOKENS = 6
_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True, slots=True)
class LegalName:
    """A name found before (or after) a legal form: "NORD GROUP AG" is ("NORD GROUP", "AG")."""

    name: str
    form: str
    start: int
    weak: bool
    comma: bool = False

    @property
    def full(self) -> str:
        """The whole legal name as printed."""
        return f"{self.name}{',' if self.comma else ''} {self.form}"


@lru_cache(maxsize=1)
def _forms_longest_first() -> tuple[str, ...]:
    return tuple(sorted(identity_data().legal_forms, key=len, reverse=True))


@lru_cache(maxsize=1)
def _form_pattern() -> re.Pattern[str]:
    joined = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in _forms_longest_first())
    return re.compile(rf"(?<![\w&.-])(?:{joined})(?:,?\s+(?:{joined}))?(?![\w&-])")


def legal_names(text: str) -> Iterator[LegalName]:
    """Names that stand directly before a legal form in a text, in order."""
    data = identity_data()
    for match in _form_pattern().finditer(text):
        form = re.sub(r"\s+", " ", match.group())
        first, _, last = form.rpartition(" ")
        if first and last in data.kept_forms and first.rstrip(",") not in data.weak_forms:
            form = first.rstrip(",")
        weak = all(part in data.weak_forms for part in re.split(r",?\s+", form))
        before = text[max(0, match.start() - 90) : match.start()]
        name = _name_before(before, weak=weak)
        if name:
            comma = before.rstrip().endswith(",")
            yield LegalName(name, form, match.start() - len(name), weak, comma)


def _name_before(before: str, *, weak: bool) -> str:
    before = before.rstrip()
    if before.endswith(","):
        before = before[:-1]
    last_break = -1
    for found in _BREAK.finditer(before):
        last_break = found.end()
    chunk = before[last_break:] if last_break > 0 else before
    tokens = [m.group() for m in _TOKEN.finditer(chunk)][-(_MOST_TOKENS + 2) :]
    kept: list[str] = []
    for token in reversed(tokens):
        if len(kept) >= _MOST_TOKENS or not _may_belong(token, first=not kept, weak=weak):
            break
        kept.append(token)
    return " ".join(trim_name(list(reversed(kept))))


def _may_belong(token: str, *, first: bool, weak: bool) -> bool:
    plain = token.strip(".").casefold()
    bare = re.sub(r"['’]s?$", "", token)
    if _form_pattern().fullmatch(bare) and bare not in identity_data().kept_forms:
        return False
    if token[0].isupper() or any(c.isdigit() for c in token):
        return True
    if plain in _CONNECTORS:
        return not first
    if first and not weak:
        return plain not in identity_data().small_words and len(plain) > 2
    return any(c.isupper() for c in token)


def trim_name(tokens: list[str]) -> list[str]:
    """Take words that are never part of a name off both ends ("Report of the X" is "X")."""
    data = identity_data()

    def foreign(token: str) -> bool:
        plain = token.strip(".'’-&+").casefold()
        if not plain or plain.isdigit() or _YEAR.fullmatch(plain):
            return True
        if plain in _CONNECTORS:
            return True
        return plain in data.not_names or (plain in data.small_words and not token.isupper())

    start, end = 0, len(tokens)
    while start < end and foreign(tokens[start]):
        start += 1
    while end > start and foreign(tokens[end - 1]):
        end -= 1
    kept = tokens[start:end]
    for at in range(len(kept) - 2, 0, -1):
        joins = kept[at].casefold() in {"and", "und", "&"}
        if joins and kept[at - 1].casefold() in data.generic_words:
            kept = kept[at + 1 :]
            break
    return kept if any(is_telling(token) for token in kept) else []


@lru_cache(maxsize=65536)
def is_telling(token: str) -> bool:
    """Whether a word helps to tell one company from another."""
    data = identity_data()
    plain = token.strip(".'’-").casefold()
    return bool(plain) and plain not in data.generic_words and plain not in _CONNECTORS


def strip_legal_form(name: str) -> tuple[str, str]:
    """Split a name in its short form and its legal form ("Shell plc" → "Shell", "plc")."""
    data = identity_data()
    short, form = re.sub(r"\s+", " ", name).strip(" ,"), ""
    while True:
        ending = next(
            (
                f
                for f in _forms_longest_first()
                if short.casefold().endswith((" " + f.casefold(), "," + f.casefold()))
            ),
            None,
        )
        if ending is None:
            break
        if ending in data.kept_forms:
            printed, kept = short[-len(ending) :], data.kept_forms[ending]
            kept = printed if printed.casefold() == kept.casefold() else kept
            return f"{short[: -len(ending)].rstrip(' ,')} {kept}", form
        rest = short[: -len(ending)].rstrip(" ,&-")
        if not any(is_telling(token) for token in rest.split()):
            break
        short, form = rest, f"{short[-len(ending) :]} {form}".strip()
    return short, form


@lru_cache(maxsize=16384)
def core(name: str) -> tuple[str, ...]:
    """The telling words of a name, without case, legal form and generic words."""
    short, _ = strip_legal_form(name)
    words = [w.strip(".'’!-").casefold() for w in _TOKEN.findall(short)]
    words = [w.replace("’", "'").removesuffix("'s") for w in words]
    telling = tuple(w for w in words if w and is_telling(w))
    return telling or tuple(words)


def squeezed(name: str | tuple[str, ...]) -> str:
    """A name as one run of letters, for domains and file names ("1&1" and "1und1" are one)."""
    text = "".join(core(name) if isinstance(name, str) else name)
    text = text.replace("und", "&").replace("and", "&") if "&" not in text else text
    return re.sub(r"[^\w&]", "", text)


def readable(name: str) -> str:
    """A name for people: shouted words of more than five letters are written as words."""
    words = []
    for word in name.split():
        generic = word.casefold() in identity_data().generic_words
        shouted = word.isupper() and word.isalpha() and (len(word) > 5 or generic)
        words.append(word.capitalize() if shouted else word)
    return " ".join(words)
