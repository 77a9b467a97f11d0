"""Hostile files end in text or one clear error, soon, and harm nothing."""

import asyncio
import resource
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.errors import DocumentError
from tests.fixtures.hostile import FILES, make_all
from tests.tools.pdf.conftest import child_processes
from tools.pdf.limits import DEFAULT_LIMITS, usable_cores
from tools.pdf.page import PageRecord
from tools.pdf.reader import read_pdf

SECONDS = 60.0
"""Within which each reading must end; most take one."""
READABLE = {
    "00_sound.pdf": "Scope 1 emissions 1,234 tCO2e",
    "05_page_tree_loop.pdf": "Scope 1 emissions 1,234 tCO2e",
    "08_page_count_lie.pdf": "Scope 1 emissions 1,234 tCO2e",
    "16_owner_password_aes.pdf": "Water withdrawal fell to 1,234 m3",
    "17_owner_password_rc4.pdf": "Water withdrawal fell to 1,234 m3",
    "18_script_on_opening.pdf": "Scope 1 emissions 1,234 tCO2e",
    "19_deep_array_in_object.pdf": "Scope 1 emissions 1,234 tCO2e",
    "21_cross_reference_loop.pdf": "Scope 1 emissions 1,234 tCO2e",
    "28_pattern_of_tiny_tiles.pdf": "Scope 1 emissions 1,234 tCO2e",
    "32_title_of_forty_megabytes.pdf": "Scope 1 emissions 1,234 tCO2e",
    "33_length_of_itself.pdf": "Scope 1 emissions 1,234 tCO2e",
    "35_lines_like_the_workers.pdf": "Scope 1 emissions 1,234 tCO2e",
    "36_bomb_on_page_eight.pdf": "Page 12: Scope 1 emissions",
}
REFUSED = {
    "01_flate_bomb_2gb.pdf": {"crashed", "memory", "no_text"},
    "02_nested_flate_bomb.pdf": {"crashed", "memory", "no_text"},
    "09_two_hundred_thousand_pages.pdf": {"too_many_pages"},
    "10_cut_in_half.pdf": {"truncated"},
    "12_web_page.pdf": {"web_page"},
    "13_empty.pdf": {"empty"},
    "14_header_only.pdf": {"truncated"},
    "15_user_password.pdf": {"password"},
    "34_unknown_lock.pdf": {"password"},
}


@dataclass(frozen=True)
class Outcome:
    """How the reading of one file ended."""

    text: str = ""
    error: DocumentError | None = None
    peak_mb: float = 0.0


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """All files read, as many at once as there are cores."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in make_all().items():
        (folder / name).write_bytes(data)

    async def read_all() -> dict[str, Outcome]:
        turn = asyncio.Semaphore(usable_cores())
        found = await asyncio.gather(*(_outcome(folder / name, turn) for name in FILES))
        return dict(zip(FILES, found, strict=True))

    return asyncio.run(read_all())


async def _outcome(path: Path, turn: asyncio.Semaphore) -> Outcome:
    pages: list[PageRecord] = []
    async with turn:
        try:
            async with asyncio.timeout(SECONDS):
                result = await read_pdf(path, on_page=pages.append)
        except DocumentError as error:
            return Outcome(error=error)
    return Outcome("\n".join(page.text for page in pages), None, result.peak_mb)


@pytest.mark.parametrize("name", FILES)
def test_it_ends_in_text_or_one_clear_error(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    if outcome.error is None:
        assert outcome.text.strip()
    else:
        assert name in outcome.error.what
        assert outcome.error.do
        assert "\n" not in str(outcome.error)


@pytest.mark.parametrize(("name", "text"), READABLE.items())
def test_what_can_be_read_is_read(name: str, text: str, outcomes: dict[str, Outcome]) -> None:
    assert text in outcomes[name].text


@pytest.mark.parametrize(("name", "codes"), REFUSED.items())
def test_what_cannot_be_read_is_refused_with_its_reason(
    name: str, codes: set[str], outcomes: dict[str, Outcome]
) -> None:
    error = outcomes[name].error
    assert error is not None
    assert error.code in codes


def test_no_worker_outgrows_its_memory_limit(outcomes: dict[str, Outcome]) -> None:
    assert max(outcome.peak_mb for outcome in outcomes.values()) <= DEFAULT_LIMITS.memory_mb
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert largest <= max(own, DEFAULT_LIMITS.memory_mb) + 64


def test_no_worker_is_left(outcomes: dict[str, Outcome]) -> None:
    assert outcomes
    assert child_processes() == set()
