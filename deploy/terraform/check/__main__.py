"""`make infra-check`: everything about the infrastructure that can be checked without an account.

It says "schema-checked", never "deployed": AWS itself is not asked.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from deploy.terraform.check import gates

REPOSITORY = Path(__file__).resolve().parents[3]


def main() -> int:
    """Run the gates; 0 where nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m deploy.terraform.check", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only terraform's own gates")
    quick = parser.parse_args().quick
    if shutil.which("terraform") is None:
        print("infra-check: terraform is not installed; 1.10 or newer is needed.", file=sys.stderr)
        return 1
    tree = gates.Tree.copied(REPOSITORY, REPOSITORY / "build" / "infra")
    schema = tree.schema()
    steps: dict[str, Callable[[], list[str]]] = {
        "fmt": lambda: gates.formatted(tree),
        "validate": lambda: gates.valid(tree, schema),
        "test": lambda: gates.tested(tree, schema),
        "plan and rules": lambda: gates.plans(tree, schema),
    }
    if not quick:
        steps |= {
            "checkov": lambda: gates.scanned(REPOSITORY),
            "hadolint": lambda: gates.linted(REPOSITORY),
            "workflows, compose": lambda: gates.workflows(REPOSITORY),
        }
    wrong = 0
    for name, step in steps.items():
        started = time.monotonic()
        found = step()
        wrong += len(found)
        print(f"{'ok   ' if not found else 'WRONG'} {name} ({time.monotonic() - started:.1f} s)")
        for text in found:
            print(text)
    kinds = len(schema["resource"].keys() | schema["data"].keys())
    print(f"{kinds} types of resources schema-checked; nothing was deployed.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
