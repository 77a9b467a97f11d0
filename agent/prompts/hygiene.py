"""Keeps text of documents from acting on a model: what is cut out, and how it is fenced off."""

import re
import secrets
import unicodedata

_KEPT_CONTROLS = {"\n", "\t"}
_DROPPED = {"Cc", "Cf", "Cn", "Co", "Cs"}
# Selectors change no letter but can carry a message.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*: ?//|\bwww\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
_MARKUP = re.compile(r"!\[|\]\(|[<>`\[\]{}]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнАЕОРСУХІЈЅКМТВНоαερτυνικ", "aeopcyxijsdhkmtbhAEOPCYXIJSKMTBHoaeptuvik"
)
"""Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, the common ones)."""
_DIGIT_LETTERS = str.maketrans("013457", "oieast")
_SPACE = re.compile(r"[ \t\u00a0]+")

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous)"
    r"|\b(?:system|developer) (?:prompt|message)\b"
    r"|\b(?:tell|inform|assure|convince) (?:the |your )?(?:reader|user|analyst|investor)s? that\b"
    r"|\byou are (?:now )?(?:an? )?(?:ai|assistant|chatbot|language model|large language model)\b"
    r"|\b(?:as|to|for) (?:an? |the )?(?:ai|language model|llm)s?\b.{0,30}"
    r"\b(?:must|should|say|write)\b"
    r"|\b(?:ai|llm|language model|assistant)s?(?: readers?)?:? (?:you )?(?:must|should)"
    r" (?:say|write|state)\b"
    r"|\bmark (?:all|every|each|the)\b.{0,20}\b(?:claim|sentence|figure)s?\b.{0,20}\bverified\b"
    r"|\bignorier\w*\b.{0,40}\b(?:anweisung|regel|vorgabe)"
    r"|\bignore[rz]\b.{0,40}\b(?:instruction|consigne)"
    r"|\bignor\w+\b.{0,40}\b(?:instrucci|istruzion|instruç)"
    r"|\bигнорир\w*.{0,40}(?:инструкц|указани)"
    r"|忽略.{0,12}(?:指示|指令|提示)"
    r"|<\|?(?:im_start|im_end|system|assistant)\|?>|\[/?INST\]|<</?SYS>>",
    re.IGNORECASE,
)

_HINTS = (
    *("ignor", "disregard", "forget", "override", "prompt", "system message", "developer message"),
    *("reader that", "readers that", "user that", "users that", "analyst that", "analysts that"),
    *("investor that", "investors that", "you are", " ai ", " ai:", " ais ", "llm", "mark "),
    *("language model", "assistant", "игнорир", "忽略", "im_start", "im_end", "<|", "<system"),
    *("inst]", "sys>"),
)
"""One of them is in every text the pattern finds; looking for them first takes a tenth as long."""


def clean(text: str) -> str:
    """The text as a reader sees it: no invisible, control or private characters.

    Zero-width characters, direction marks, tag characters and variation selectors can hide a
    message from the reader that a model would still read.
    """
    visible = "".join(
        c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) not in _DROPPED
    )
    return _SPACE.sub(" ", _SELECTORS.sub("", visible)).strip()


def clean_line(text: str) -> str:
    """`clean`, on one line."""
    return " ".join(clean(text).split())


def plain_name(text: str) -> str:
    """`clean_line` without addresses and markup, which no name or title needs."""
    words = _ADDRESS.sub(" ", _TAG.sub(" ", clean_line(text)))
    return " ".join(_MARKUP.sub(" ", words).split())


def new_fence() -> str:
    """A line no document can hold, made for one call."""
    return f"=====EVIDENCE-{secrets.token_hex(8)}====="


def reads_as_instruction(text: str) -> bool:
    """Whether a passage or page talks to a model instead of about the company."""
    plain = f" {' '.join(_INVISIBLE.sub('', text).split())} ".lower()
    latin = unicodedata.normalize("NFKC", plain).translate(_LOOK_ALIKES)
    return any(
        any(hint in read for hint in _HINTS) and _INSTRUCTION.search(read)
        for read in (plain, latin, latin.translate(_DIGIT_LETTERS))
    )
