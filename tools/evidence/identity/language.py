"""The language of a document by its commonest small words, or by its script."""

import re
from collections import Counter
from collections.abc import Sequence

from tools.evidence.identity.data import identity_data
from tools.pdf.page import PageRecord

_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
}
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 60
_LEAST_WORDS = 25


def text_language(text: str) -> str | None:
    """ISO 639-1 code of a text; None where it is too short to tell."""
    letters = sum(c.isalpha() for c in text)
    if letters < 100:
        return None
    for code, script in _SCRIPTS.items():
        if len(script.findall(text)) > (0.05 if code == "ja" else 0.3) * letters:
            return code
    words = Counter(w.casefold() for w in _WORD.findall(text))
    if sum(words.values()) < _LEAST_WORDS:
        return None
    scores = {
        code: sum(words[w] for w in small) for code, small in identity_data().languages.items()
    }
    best = max(scores, key=lambda code: scores[code])
    distinct = sum(w in words for w in identity_data().languages[best])
    return best if distinct >= 4 and scores[best] >= 0.05 * sum(words.values()) else None


def document_languages(pages: Sequence[PageRecord]) -> tuple[str, ...]:
    """The main language, then any other that at least a tenth of the sampled pages is in."""
    step = max(1, len(pages) // _SAMPLE)
    found = Counter(code for page in pages[::step] if (code := text_language(page.text)))
    total = sum(found.values())
    return tuple(code for code, count in found.most_common() if count >= 0.1 * total)
