"""Checked sentences in another language, for reading only: what was checked is the English."""

import re
from collections.abc import Sequence

from agent.analyst.model_cache import reply_key
from agent.analyst.model_replies import TranslationReply
from agent.analyst.model_writer import Writer
from agent.models.outcome import Answered
from agent.prompts.hygiene import clean_line

_AT_ONCE = 20
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


async def translate(
    writer: Writer, sentences: Sequence[str], language: str
) -> tuple[str | None, ...]:
    """Each sentence in the language; None where the model gave none with the same figures."""
    translated: list[str | None] = []
    for start in range(0, len(sentences), _AT_ONCE):
        translated += await _batch(writer, sentences[start : start + _AT_ONCE], language)
    return tuple(translated)


async def _batch(writer: Writer, sentences: Sequence[str], language: str) -> list[str | None]:
    numbered = "\n".join(f"{n}. {clean_line(text)}" for n, text in enumerate(sentences, 1))
    values = {"language": clean_line(language), "sentences": numbered}
    key = reply_key(
        prompt_sha=writer.prompt("translate").sha,
        model=str(writer.gateway.settings.spec("answer")),
        shown="\n".join(values.values()),
    )
    reply = await writer.cache.find(key, TranslationReply) if writer.cache else None
    if reply is None:
        outcome = await writer.ask("translate", "answer", TranslationReply, values)
        if not isinstance(outcome, Answered):
            return [None] * len(sentences)
        reply = outcome.value
        if writer.cache:
            await writer.cache.keep(key, reply)
    found = {one.number: clean_line(one.text) for one in reply.sentences}
    return [
        text if text and figures(text) == figures(sentence) else None
        for sentence, text in ((s, found.get(n)) for n, s in enumerate(sentences, 1))
    ]


def figures(text: str) -> list[str]:
    """The figures of a sentence as they are printed, in no order."""
    return sorted(_FIGURE.findall(text))
