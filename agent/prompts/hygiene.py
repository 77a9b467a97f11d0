"""Keeps text of documents from acting on a model: what is cut out, and how it is fenced off."""

import re
import secrets
import unicodedata

_KEPT_CONTROLS = {"\n", "\t"}
_DROPPED = {"Cc", "Cf", "Cn", "Co", "Cs"}
# Selectors change no letter but can carry a message.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACE = re.compile(r"[ \t\u00a0]+")

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous)"
    r"|\b(?:system|developer) (?:prompt|message)\b"
    r"|\b(?:tell|inform|assure|convince) (?:the |your )?(?:reader|user|analyst|investor)s?\b"
    r"|\byou are (?:now )?(?:an? )?(?:ai|assistant|chatbot|language model|large language model)\b"
    r"|\b(?:as|to) (?:an? |the )?(?:ai|language model|llm)s?\b.{0,30}\b(?:must|should|say|write)\b"
    r"|<\|?(?:im_start|im_end|system|assistant)\|?>",
    re.IGNORECASE | re.DOTALL,
)


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


def new_fence() -> str:
    """A line no document can hold, made for one call."""
    return f"=====EVIDENCE-{secrets.token_hex(8)}====="


def reads_as_instruction(text: str) -> bool:
    """Whether a passage talks to a model instead of about the company."""
    return bool(_INSTRUCTION.search(text))
