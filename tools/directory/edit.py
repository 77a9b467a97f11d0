"""Adds a company to the directory's file, only where the result passes every check."""

import csv
import io
import re
import tempfile
from datetime import date
from pathlib import Path

from agent.domain import Company
from agent.errors import InputError
from tools.directory.files import COLUMNS, DATA, read_rows
from tools.directory.validate import Problem, check
from tools.directory.words import plain

_DATA_FILES = ("companies.csv", "industries.yaml", "synonyms.yaml", "regions.yaml")


def company_id(name: str) -> str:
    """The id a company of this name gets: readable, stable, a-z, 0-9 and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", plain(name).casefold()).strip("-")


def add_company(
    company: Company,
    industries: tuple[str, ...],
    scale: str,
    source: str = "editor",
    *,
    data: Path | None = None,
) -> None:
    """Write a company behind the others of its main industry, dated today.

    A process that has loaded the directory keeps what it has read.

    Raises:
        InputError: the file would not pass `check` with it, or cannot be written.
    """
    folder = data or Path(str(DATA))
    file = folder / "companies.csv"
    rows = read_rows(file)
    row = {
        **dict.fromkeys(COLUMNS, ""),
        "id": company.id,
        "name": company.name,
        "aliases": ";".join(company.aliases),
        "industries": ";".join(industries),
        "country": company.country,
        "scale": scale,
        "isin": company.isin,
        "lei": company.lei,
        "domains": ";".join(company.domains),
        "report_page": company.report_page,
        "source": source,
        "checked_on": date.today().isoformat(),
    }
    main = industries[0] if industries else ""
    peers = [at for at, other in enumerate(rows) if other["industries"].split(";")[0] == main]
    rows.insert(peers[-1] + 1 if peers else len(rows), row)
    text = _as_csv(rows)
    new = set(_problems_with(text, folder)) - set(check(folder))
    if new:
        reasons = "; ".join(sorted({f"{p.where} {p.what}" for p in new}))
        raise InputError(f"{company.name} was not added: {reasons}.", "Correct it and try again.")
    _replace(file, text)


def _problems_with(text: str, folder: Path) -> list[Problem]:
    """The problems the data would have with this text of companies.csv."""
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name)
        for file in _DATA_FILES:
            (trial / file).write_bytes((folder / file).read_bytes())
        (trial / "companies.csv").write_text(text, encoding="utf-8")
        return check(trial)


def _as_csv(rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _replace(file: Path, text: str) -> None:
    """Replace a file as a whole, so that a stop in between leaves the old one."""
    part = file.with_suffix(".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            f"{file.name} cannot be written: {error.strerror}.",
            "Run the command where the project's files may be changed.",
        ) from error
