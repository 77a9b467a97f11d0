"""The company review on a terminal."""

import re

import typer

from agent.domain import Company, ProposedCompany
from agent.errors import InputError
from app.cli.output import stderr

_HELP = "Enter starts · “-2 -3” leaves out · “+Name” adds · q stops"


def review(proposed: tuple[ProposedCompany, ...]) -> tuple[ProposedCompany, ...]:
    """Let the user edit the proposed list until Enter confirms it.

    Raises:
        InputError: the user stopped, or there is no terminal to ask on.
    """
    if not stderr.is_terminal:
        raise InputError(
            "The company list waits for confirmation and there is no terminal to ask on.",
            "Add --yes to take it as proposed.",
        )
    rows = list(proposed)
    while True:
        for number, row in enumerate(rows, 1):
            mark = "✓" if row.selected else " "
            stderr.print(f"{mark} {number:2} {row.company.name} - {row.reason}", markup=False)
        answer = typer.prompt(_HELP, default="", show_default=False, err=True).strip()
        if not answer:
            return tuple(rows)
        if answer.lower() == "q":
            raise InputError("Stopped before any company was analysed.")
        rows = edit(rows, answer)


def edit(rows: list[ProposedCompany], answer: str) -> list[ProposedCompany]:
    """Apply one line of edits: “-2 -3” toggles rows, “+Name” adds a company."""
    if answer.startswith("+"):
        name = answer[1:].strip()
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        added = ProposedCompany(company=Company(id=slug, name=name), reason="You added it.")
        return [*rows, added] if name else rows
    numbers = {int(number) for number in re.findall(r"-\s*(\d+)", answer)}
    return [
        row.model_copy(update={"selected": not row.selected}) if number in numbers else row
        for number, row in enumerate(rows, 1)
    ]
