"""Pages are found by meaning with real weights; without them, by words as ever."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from agent.errors import ConfigurationError, StorageError
from tests.conftest import need
from tools.library import embedding
from tools.library import library as library_module
from tools.library.bundle import Bundle
from tools.library.embedding import Embedder, embedding_installed
from tools.library.find import Hit
from tools.library.fusion import fuse
from tools.library.library import ReportLibrary
from tools.library.vectors import PageVectors, passages, vectors_path
from tools.pdf.limits import ReaderLimits

QUESTION = "How do the firm's lorries and cars pollute?"
"""Shares no word with the page that answers it."""


@pytest.fixture
def weights() -> None:
    need(embedding_installed(), "the local-search extra")


@pytest.fixture
def by_meaning(tmp_path: Path) -> ReportLibrary:
    return ReportLibrary(tmp_path / "library", ReaderLimits(ocr=False), local_search=True)


@pytest.mark.usefixtures("weights")
def test_texts_of_one_meaning_are_near() -> None:
    a, b, c = Embedder().encode(
        ["Our vehicles burn diesel.", "Trucks of the company use fuel.", "The board meets monthly."]
    )
    assert np.isclose(np.linalg.norm(a), 1.0, atol=1e-5)
    assert a @ b > a @ c + 0.2


@pytest.mark.usefixtures("weights")
def test_a_text_gives_the_same_vector_alone_and_among_others() -> None:
    model = Embedder()
    texts = ["Water", "Waste fell by a third in the year under review", "Scope 1"]
    assert np.allclose(model.encode(texts)[1], model.encode(texts[1:2])[0], atol=1e-4)


@pytest.mark.usefixtures("weights")
async def test_vectors_are_made_once_beside_the_bundle(
    by_meaning: ReportLibrary, report: Path, tmp_path: Path
) -> None:
    sha256 = await by_meaning.add(report)
    with await by_meaning.read(sha256) as first:
        path = vectors_path(first.path)
        made = path.stat().st_mtime_ns
        hits = first.find(QUESTION, 3)
    await asyncio.gather(by_meaning.read(sha256), by_meaning.read(sha256))
    assert path.stat().st_mtime_ns == made
    assert len(hits) == 3
    assert all(0 < hit.score <= 1 for hit in hits)
    assert all(hit.snippet for hit in hits)
    with Bundle.open(first.path, by_meaning=False) as words_alone:
        assert len(words_alone.find(QUESTION, 3)) < 3
    assert not list((tmp_path / "library" / "work").glob("*.part"))


async def test_without_the_extra_one_line_says_so(
    by_meaning: ReportLibrary,
    report: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = embedding._Pinned("no-such-package", "model.onnx", "00")
    monkeypatch.setattr(embedding, "_WEIGHTS", missing)
    library_module._say_once.cache_clear()
    sha256 = await by_meaning.add(report)
    with capture_logs() as lines:
        for _ in range(2):
            with await by_meaning.read(sha256) as bundle:
                assert bundle.find("water withdrawal", 1)
    assert not vectors_path(bundle.path).exists()
    assert [line["event"] for line in lines] == ["pages_found_by_words_alone"]


@pytest.mark.usefixtures("weights")
def test_other_weights_than_the_pinned_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = embedding._Pinned(embedding._WEIGHTS.package, embedding._WEIGHTS.path, "0" * 64)
    monkeypatch.setattr(embedding, "_WEIGHTS", changed)
    with pytest.raises(ConfigurationError, match="not the one pinned"):
        Embedder()


@pytest.mark.usefixtures("weights")
def test_a_damaged_file_of_vectors_is_told(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(b"PK no vectors")
    assert PageVectors.open(tmp_path / "none.npz") is None
    with pytest.raises(StorageError):
        PageVectors.open(damaged)


def test_a_page_that_both_rankings_have_comes_first() -> None:
    words = [Hit(4, 1.0, "four"), Hit(7, 0.9, "seven")]
    found = fuse(words, [7, 9], 3, lambda page: f"page {page}")
    assert [hit.page for hit in found] == [7, 4, 9]
    assert [hit.snippet for hit in found] == ["seven", "four", "page 9"]


def test_a_page_is_cut_into_passages_of_even_length() -> None:
    text = " ".join(f"word{n}" for n in range(250))
    cut = list(passages(text))
    assert " ".join(cut) == text
    assert {len(passage.split()) for passage in cut} == {125}
    assert list(passages("two words")) == []
