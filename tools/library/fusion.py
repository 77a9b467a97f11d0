"""Puts two rankings of pages together: by words and by meaning."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from tools.library.find import Hit

POOL = 60
"""Pages of each ranking that are looked at."""
_RANK = 60
"""The k of reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""


def fuse(
    by_words: Sequence[Hit], by_meaning: Sequence[int], k: int, snippet: Callable[[int], str]
) -> list[Hit]:
    """The best `k` pages of both rankings; `snippet` gives words of a page found by meaning only.

    Scores are shares of what a page that is first in both would have.
    """
    scores: dict[int, float] = defaultdict(float)
    for rank, hit in enumerate(by_words, 1):
        scores[hit.page] += 1 / (_RANK + rank)
    for rank, page in enumerate(by_meaning, 1):
        scores[page] += 1 / (_RANK + rank)
    best = sorted(scores, key=lambda page: (-scores[page], page))[:k]
    snippets = {hit.page: hit.snippet for hit in by_words}
    most = 2 / (_RANK + 1)
    return [
        Hit(
            page,
            round(scores[page] / most, 4),
            snippets[page] if page in snippets else snippet(page),
        )
        for page in best
    ]
