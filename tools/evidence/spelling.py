"""One spelling for what reports print of units in many."""

import re
import unicodedata

_SPELLED = (
    (re.compile(r"(?:[x×*]\s?)?10(?:³|\s?\^\s?3)(?!\d)"), "1,000"),
    (re.compile(r"(?:[x×*]\s?)?10(?:⁶|\s?\^\s?6)(?!\d)"), "million"),
    (re.compile(r"[x×*]\s?(?=1[,.' ]?000\b)"), ""),
    (re.compile(r"(?<!\d)['’]?000['’]?s\b"), "'000"),
    (re.compile(r"[₂²](?=\s?-?e)|(?<=CO)[₂²]|(?<=co)[₂²]"), "2"),
    (re.compile(r"(?<=m)[³₃]|(?<=m)\^3"), "3"),
    (re.compile(r"(?<=m)[²₂]"), "2"),
    (re.compile(r"[‘’`´]"), "'"),
    (re.compile(r"[‐‑‒–—−]"), "-"),
    (re.compile(r"(?:\b|(?<=[tg]))CO\s?[2₂²]", re.IGNORECASE), "CO2"),
    (re.compile(r"carbon dioxide \(CO2\)", re.IGNORECASE), "CO2"),
    (re.compile(r"\bCO\s?-?(?=e\b|eq)"), "CO2"),
    (re.compile(r"CO2[- ]{0,2}e(?:q|qu|quiv)?\b\.?", re.IGNORECASE), "CO2e"),
    (re.compile(r"CO2[- ]?(?:equivalents?|äquivalente?n?)", re.IGNORECASE), "CO2e"),
    (re.compile(r"carbon dioxide[- ]equivalents?(?: \(CO2e\))?", re.IGNORECASE), "CO2e"),
)


def spell(printed: str) -> str:
    """A printed unit with sub- and superscripts, quotes, dashes and CO2e in one spelling."""
    text = printed
    for pattern, plain in _SPELLED:
        text = pattern.sub(plain, text)
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", " ", text).strip(" :;,.[]")
