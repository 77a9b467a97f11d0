"""Answers known by hand, one JSON object a line."""

import json
from pathlib import Path
from typing import Any

from agent.errors import InputError


def gold_lines(data: Path, name: str) -> list[dict[str, Any]]:
    """The objects of `gold/<name>`; none where the set does not have the file.

    Raises InputError naming the line that is none.
    """
    path = data / "gold" / name
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise _wrong(data, f"{name}, line {number} is no JSON: {error.msg}") from None
    return found


def lacking(data: Path, reader: str, error: KeyError) -> InputError:
    """What to say where a suite, or a prompt's cases, miss something in the lines of a set."""
    return _wrong(data, f"{reader} misses {error} in the lines of gold/")


def _wrong(data: Path, what: str) -> InputError:
    return InputError(f"{what}.", f"Run: isra eval check {data}")
