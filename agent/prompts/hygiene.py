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
_LOOKS_ALIKE = re.compile(f"[{''.join(map(chr, _LOOK_ALIKES))}]")
_DIGIT_LETTERS = str.maketrans("013457", "oieast")
_DIGIT_BYTES = bytes.maketrans(b"013457", b"oieast")
_SPACE = re.compile(r"[ \t\u00a0]+")

_AI = "\0ai"
"""Stands for "ai" or "ais" as a word of its own in a text that tells somebody to do something."""
_AI_WORD = re.compile(r"ais?(?!\w)(?<!\wai)(?<!\wais)")
_ORDERS = tuple(
    (hints, re.compile(pattern, re.IGNORECASE))
    for hints, pattern in (
        (
            ("ignore", "disregard", "forget", "override"),
            r"\b(?:ignore|disregard|forget|override)\b.{0,40}"
            r"\b(?:instruction|prompt|rule|above|previous)",
        ),
        (
            ("prompt", "system message", "developer message"),
            r"\b(?:system|developer) (?:prompt|message)\b",
        ),
        (
            (
                *("reader that", "readers that", "user that", "users that", "analyst that"),
                *("analysts that", "investor that", "investors that"),
            ),
            r"\b(?:tell|inform|assure|convince) (?:the |your )?(?:reader|user|analyst|investor)s?"
            r" that\b",
        ),
        (
            ("you are",),
            r"\byou are (?:now )?(?:an? )?"
            r"(?:ai|assistant|chatbot|language model|large language model)\b",
        ),
        (
            ("llm", "language model", _AI),
            r"\b(?:as|to|for) (?:an? |the )?(?:ai|language model|llm)s?\b.{0,30}"
            r"\b(?:must|should|say|write)\b",
        ),
        (
            ("llm", "language model", "assistant", _AI),
            r"\b(?:ai|llm|language model|assistant)s?(?: readers?)?:? (?:you )?(?:must|should)"
            r" (?:say|write|state)\b",
        ),
        (
            ("mark all", "mark every", "mark each", "mark the"),
            r"\bmark (?:all|every|each|the)\b.{0,20}\b(?:claim|sentence|figure)s?\b.{0,20}"
            r"\bverified\b",
        ),
        (
            ("ignor",),
            r"\bignorier\w*\b.{0,40}\b(?:anweisung|regel|vorgabe)"
            r"|\bignore[rz]\b.{0,40}\b(?:instruction|consigne)"
            r"|\bignor\w+\b.{0,40}\b(?:instrucci|istruzion|instruç)",
        ),
        (("игнорир",), r"\bигнорир\w*.{0,40}(?:инструкц|указани)"),
        (("忽略",), r"忽略.{0,12}(?:指示|指令|提示)"),
        (
            ("im_start", "im_end", "<system", "<|system", "assistant", "inst]", "sys>"),
            r"<\|?(?:im_start|im_end|system|assistant)\|?>|\[/?INST\]|<</?SYS>>",
        ),
    )
)
"""Ways to talk to a model. One of the hints is in every text that the pattern beside them finds;
looking for them first takes a hundredth of the time."""
_BEYOND_ASCII = re.compile("игнорир|忽略")


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
    if _gives_order(plain):
        return True
    latin = plain
    if not plain.isascii():
        latin = unicodedata.normalize("NFKC", plain)
        if _LOOKS_ALIKE.search(latin):
            latin = latin.translate(_LOOK_ALIKES)
        if latin != plain and _gives_order(latin):
            return True
    return _hints_with_digits(latin) and _gives_order(latin.translate(_DIGIT_LETTERS))


def _gives_order(text: str) -> bool:
    return any(_hinted(text, hints) and pattern.search(text) for hints, pattern in _ORDERS)


def _hinted(text: str, hints: tuple[str, ...]) -> bool:
    return any(_speaks_to_ai(text) if hint == _AI else hint in text for hint in hints)


def _speaks_to_ai(text: str) -> bool:
    said = any(verb in text for verb in ("must", "should", "say", "write"))
    return said and _AI_WORD.search(text) is not None


def _hints_with_digits(text: str) -> bool:
    """Whether a hint may stand in the text once its digits are read as letters.

    Hints that are not ASCII hold no such letter: they stand in the text itself or nowhere.
    """
    letters = text.encode("ascii", "replace").translate(_DIGIT_BYTES).decode("ascii")
    return any(_hinted(letters, hints) for hints, _ in _ORDERS) or bool(_BEYOND_ASCII.search(text))
