"""Vectors of a report's passages, beside its bundle: made once, opened read-only."""

import sqlite3
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from agent.errors import ConfigurationError, StorageError
from agent.logs import get_logger
from tools.library.embedding import MODEL, WIDTH, embedder, embedding_installed

if TYPE_CHECKING:
    # Comes in when a vector is made or read: most processes never do.
    import numpy as np
    from numpy.typing import NDArray

log = get_logger(__name__)

_LISTING = 0.15
"""Cosine taken off pages that list topics: contents, content indexes."""
_SINGLE = 0.02
"""Cosine taken off pages of a single passage, which no second one can bring down."""
_PASSAGE = 110
"""Words of a passage."""
_LEAST = 4
"""A passage of fewer words tells nothing."""


def vectors_path(bundle: Path) -> Path:
    """Where the vectors of a bundle lie: beside it, named by the weights that made them."""
    return bundle.with_name(f"{bundle.stem}.{MODEL}.npz")


def make_vectors(bundle: Path, target: Path) -> None:
    """Write the vectors of all passages of a bundle; CPU work, for a process of its own.

    Raises ConfigurationError where the weights are not the pinned ones.
    """
    import numpy as np

    database = sqlite3.connect(f"{bundle.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        texts = list(database.execute("SELECT number, text FROM pages ORDER BY number"))
    finally:
        database.close()
    found = [(page, passage) for page, text in texts for passage in passages(text)]
    vectors = embedder().encode([passage for _, passage in found])
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        np.savez_compressed(
            file,
            pages=np.array([page for page, _ in found], np.int32),
            vectors=vectors.astype(np.float16),
        )


def passages(text: str) -> Iterator[str]:
    """A page's text in passages of about a hundred words."""
    words = text.split()
    count = max(1, round(len(words) / _PASSAGE))
    size = -(-len(words) // count)
    for start in range(0, len(words), max(1, size)):
        passage = words[start : start + size]
        if len(passage) >= _LEAST:
            yield " ".join(passage)


class PageVectors:
    """The passages of one report as vectors."""

    def __init__(self, pages: "NDArray[np.int32]", vectors: "NDArray[np.float32]") -> None:
        self._pages = pages
        self._vectors = vectors

    @classmethod
    def open(cls, path: Path) -> Self | None:
        """Read a file of vectors; None where there is none, or nothing to compare them with.

        Raises StorageError where the file holds something else.
        """
        if not path.is_file() or not embedding_installed():
            return None
        import numpy as np

        try:
            embedder()
            with np.load(path, allow_pickle=False) as stored:
                pages, vectors = stored["pages"], stored["vectors"].astype(np.float32)
        except ConfigurationError as error:
            log.warning("local_search_off", reason=str(error))
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise StorageError(f"{path.name} holds no vectors.", "Delete it.") from error
        if vectors.shape != (len(pages), WIDTH):
            raise StorageError(f"{path.name} holds no vectors.", "Delete it.")
        return cls(pages, vectors)

    def rank(self, question: str, most: int, listings: Collection[int] = ()) -> list[int]:
        """The pages nearest to the question, best first.

        A page is as near as its two best passages are on average; `listings` are pages that
        name every topic and answer none.
        """
        near = self._vectors @ embedder().encode([question])[0]
        passages: dict[int, list[float]] = defaultdict(list)
        for page, value in zip(self._pages.tolist(), near.tolist(), strict=True):
            passages[page].append(value)
        scores = {
            page: _page_score(values) - (_LISTING if page in listings else 0.0)
            for page, values in passages.items()
        }
        return sorted(scores, key=lambda page: (-scores[page], page))[:most]


def _page_score(values: Sequence[float]) -> float:
    best = sorted(values, reverse=True)[:2]
    return sum(best) / len(best) - (_SINGLE if len(best) == 1 else 0.0)
