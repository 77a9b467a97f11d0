"""Standard output holds the result and nothing else; everything to watch goes to stderr."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from agent.errors import InputError

stderr = Console(stderr=True)
stdout = Console()


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def print_line(document: Any) -> None:
    """Print one JSON document on a line of stdout, at once."""
    json.dump(document, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    sys.stdout.flush()


def print_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table for people on stdout."""
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    stdout.print(table, markup=False)


def write_text(path: Path, text: str) -> None:
    """Write a file the user asked for.

    Raises:
        InputError: the path cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}.", "Name another file."
        ) from error


def existing_file(path: Path) -> Path:
    """The path, when it is a file.

    Raises:
        InputError: it is not there or a folder.
    """
    if not path.is_file():
        raise InputError(f"{path} is not a file.", "Name a PDF file.")
    return path
