"""Translations keep every figure, cost one call for the same text, and never replace a check."""

import json
import re

from agent.analyst.model import ModelAnalyst
from agent.analyst.model_cache import MemoryReplies, ReplyCache
from tests.fakes.llm.bench import Bench
from tests.fakes.llm.providers import GEMINI
from tests.fakes.llm.wire import Call, Reply

SENTENCES = ("Scope 1 emissions were 12,940 t CO2e in 2024.", "Water use fell by 4.5%.")


def german(call: Call) -> Reply:
    """Every sentence in German, the second with another figure."""
    numbers = re.findall(r"^(\d+)\. ", call.user, re.MULTILINE)
    texts = {"1": "Scope 1 betrug 2024 12,940 t CO2e.", "2": "Der Wasserverbrauch sank um 5.4%."}
    sentences = [{"number": int(n), "text": texts[n]} for n in numbers]
    return Reply(text=json.dumps({"sentences": sentences}))


async def test_a_sentence_whose_figures_differ_is_not_taken(bench: Bench) -> None:
    bench.answer(german)
    mind = ModelAnalyst(bench.gateway(GEMINI))
    assert await mind.translate(SENTENCES, "Deutsch") == (
        "Scope 1 betrug 2024 12,940 t CO2e.",
        None,
    )
    assert "Language: Deutsch" in bench.calls[0].user


async def test_the_same_text_is_translated_once(bench: Bench) -> None:
    bench.answer(german)
    mind = ModelAnalyst(bench.gateway(GEMINI), cache=ReplyCache(MemoryReplies()))
    first = await mind.translate(SENTENCES, "Deutsch")
    assert await mind.translate(SENTENCES, "Deutsch") == first
    assert len(bench.calls) == 1


async def test_a_model_that_gives_nothing_usable_gives_no_translation(bench: Bench) -> None:
    bench.answer(Reply(text="no document"))
    mind = ModelAnalyst(bench.gateway(GEMINI))
    assert await mind.translate(SENTENCES, "Deutsch") == (None, None)


async def test_without_a_model_there_is_none(bench: Bench) -> None:
    mind = ModelAnalyst(bench.gateway("extractive"))
    assert await mind.translate(SENTENCES, "Deutsch") is None
