"""Compare the scores of an evaluation with the limits in scores.yaml.

python -m deploy.scripts.scores build/eval.json
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

LIMITS = Path(__file__).with_name("scores.yaml")


def missed(scores: dict[str, Any], limits: dict[str, dict[str, float]]) -> list[str]:
    """Every limit that is not kept, in words; a score that is not there keeps none."""
    found = []
    for side, sign in (("least", 1), ("most", -1)):
        for path, limit in (limits.get(side) or {}).items():
            value = _at(scores, path)
            if value is None:
                found.append(f"{path} was not measured")
            elif sign * (value - limit) < 0:
                found.append(f"{path} is {value}, {side} is {limit}")
    return found


def _at(scores: Any, path: str) -> float | None:
    for name in path.split("."):
        if not isinstance(scores, dict) or name not in scores:
            return None
        scores = scores[name]
    return float(scores) if isinstance(scores, int | float) else None


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scores", type=Path)
    given = parser.parse_args()
    found = missed(json.loads(given.scores.read_text()), yaml.safe_load(LIMITS.read_text()))
    for text in found:
        print(text, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
