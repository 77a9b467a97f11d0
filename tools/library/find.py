"""Finds the pages of one report that answer a question."""

import re
import sqlite3
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that may answer; a higher `score` is better."""

    page: int
    score: float
    snippet: str


def find_pages(database: sqlite3.Connection, question: str, k: int) -> list[Hit]:
    """The best `k` pages for `question`, best first."""
    terms = list(dict.fromkeys(word.lower() for word in _WORD.findall(question)))
    if not terms:
        return []
    query = " OR ".join(f'"{term}"' for term in terms)
    rows = database.execute(
        "SELECT rowid, -bm25(texts), snippet(texts, 0, '', '', ' … ', 24) FROM texts"
        " WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT ?",
        (query, k),
    )
    return [Hit(page, score, snippet) for page, score, snippet in rows]
