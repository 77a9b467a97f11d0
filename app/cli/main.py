"""The isra command: one line of error, never a traceback, exit code 0 or 1.

Worker processes import the program's main module anew, so this one imports nothing heavy: the
commands, and all they need, come in when the command runs.
"""

import sys

from agent.errors import IsraError
from agent.logs import get_logger


def main() -> None:
    """Entry point of the console script."""
    from rich.console import Console

    console = Console(stderr=True, soft_wrap=True)
    try:
        from app.cli.commands import app

        app()
    except IsraError as error:
        console.print(f"isra: {error}", markup=False, highlight=False)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the border of the program
        get_logger(__name__).debug("unexpected error", exc_info=error)
        console.print(
            f"isra: An unexpected error ({type(error).__name__}) stopped the command. "
            "ISRA_LOG_LEVEL=debug shows where.",
            markup=False,
            highlight=False,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
