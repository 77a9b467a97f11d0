"""Words as the page index knows them: split, folded and stemmed by SQLite's own tokenizer."""

import sqlite3
import threading
from functools import lru_cache

TOKENIZER = "porter unicode61 remove_diacritics 2"
_lock = threading.Lock()


@lru_cache(maxsize=1)
def _scratch() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.executescript(
        f"""
        CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = '{TOKENIZER}');
        CREATE VIRTUAL TABLE stems USING fts5vocab (words, 'instance');
        """
    )
    return database


@lru_cache(maxsize=8192)
def stems(text: str) -> tuple[str, ...]:
    """The stems of a text in order: "Scope 1 emissions" gives ("scope", "1", "emiss")."""
    with _lock:
        database = _scratch()
        database.execute("DELETE FROM words")
        database.execute("INSERT INTO words (text) VALUES (?)", (text,))
        rows = database.execute("SELECT term FROM stems ORDER BY offset")
        return tuple(term for (term,) in rows)
