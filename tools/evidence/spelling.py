"""One spelling for what reports print of units in many."""

import re
import unicodedata

_SPELLED = (
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
    text = printed.replace("10³", "1,000").replace("10⁶", "million").replace("10^3", "1,000")
    for pattern, plain in _SPELLED:
        text = pattern.sub(plain, text)
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", " ", text).strip(" :;,.[]")
