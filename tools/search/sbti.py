"""The company register of the Science Based Targets initiative.

Its weekly spreadsheet is fetched at run time, kept for a week and never delivered with the
project. A company that is not in it is "not listed" on that day; that is no statement that it
has no target.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from python_calamine import CalamineError, CalamineWorkbook

from agent.domain import Company, TargetCheck
from agent.errors import ProviderError
from tools.search.known import name_key, same_name
from tools.web.answers import deadline, read
from tools.web.client import WebClient
from tools.web.domains import host_of
from tools.web.errors import WebError

_WEEK = 7 * 24 * 3600.0
_PAUSE_AFTER_FAILURE = 600.0
_MOST_BYTES = 40 * 2**20
_STATUS = ("near_term_status", "long_term_status", "net_zero_status")
_WORDS = {
    "near_term_status": "near term",
    "long_term_status": "long term",
    "net_zero_status": "net zero",
}
_DETAILS = {
    "near_term_status": ("near_term_target_classification", "near_term_target_year"),
    "long_term_status": ("long_term_target_classification", "long_term_target_year"),
    "net_zero_status": ("net_zero_year",),
}

Row = Mapping[str, str]


@dataclass(frozen=True)
class _Table:
    by_lei: dict[str, Row] = field(default_factory=dict)
    by_isin: dict[str, Row] = field(default_factory=dict)
    by_name: dict[str, list[Row]] = field(default_factory=dict)


class SbtiRegister:
    """Looks a company up by LEI, else by ISIN, else by its name where only one bears it."""

    name = "SBTi"

    def __init__(
        self, client: WebClient, url: str, folder: Path, now: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._url = url
        self._file = folder / "sbti-companies.xlsx"
        self._now = now
        self._loading = asyncio.Lock()
        self._table: tuple[float, _Table] | None = None
        self._failed: tuple[float, ProviderError] | None = None

    async def check(self, company: Company) -> TargetCheck:
        """What the register says of the company. Raises ProviderError when it cannot be had."""
        fetched_at, table = await self._load()
        row, matched_by = _find(table, company)
        status, detail = _status(row) if row else ("not listed", "")
        if row and not any(
            same_name(row["company_name"], n) for n in (company.name, *company.aliases)
        ):
            detail = f"as {row['company_name']}; {detail}"
        return TargetCheck(
            register_name=self.name,
            status=status,
            detail=detail,
            matched_by=matched_by,
            checked_on=datetime.fromtimestamp(fetched_at, UTC).date().isoformat(),
            source=self._url,
        )

    async def _load(self) -> tuple[float, _Table]:
        """The register, at most a week old; an older one where no newer can be had."""
        async with self._loading:
            fetched_at = await asyncio.to_thread(_modified, self._file)
            if fetched_at is None or self._now() - fetched_at > _WEEK:
                fetched_at = await self._fetch(fetched_at)
            if self._table is None or self._table[0] != fetched_at:
                self._table = fetched_at, await self._parsed()
            return self._table

    async def _parsed(self) -> _Table:
        try:
            return await asyncio.to_thread(_parse, self._file)
        except ProviderError as error:
            self._failed = self._now(), error
            raise

    async def _fetch(self, older: float | None) -> float:
        if self._failed is not None and self._now() - self._failed[0] < _PAUSE_AFTER_FAILURE:
            if older is None:
                raise self._failed[1]
            return older
        try:
            await self._download()
        except ProviderError as error:
            self._failed = self._now(), error
            if older is None:
                raise
            return older
        now = await asyncio.to_thread(_modified, self._file)
        return now or self._now()

    async def _download(self) -> None:
        accept = {"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        async with (
            deadline(self._client.limits.pdf_seconds, host_of(self._url)),
            self._client.stream(self._url, accept) as response,
        ):
            body = await read(response, _MOST_BYTES)
        if not body.startswith(b"PK"):
            raise WebError(
                f"{host_of(self._url)} sends no spreadsheet.",
                "Check ISRA_SBTI_URL.",
                code="not_page",
            )
        await asyncio.to_thread(_replace, self._file, body)


def _modified(file: Path) -> float | None:
    with suppress(FileNotFoundError):
        return file.stat().st_mtime
    return None


def _replace(file: Path, body: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        part.write(body)
    Path(part.name).replace(file)


def _parse(file: Path) -> _Table:
    """Index the rows of the first sheet. Raises ProviderError where it is another table."""
    try:
        rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError) as error:
        file.unlink(missing_ok=True)
        raise ProviderError("The SBTi register cannot be read.", "Check ISRA_SBTI_URL.") from error
    heads = [_head(cell) for cell in rows[0]] if rows else []
    if "company_name" not in heads or not set(_STATUS) & set(heads):
        file.unlink(missing_ok=True)
        raise ProviderError("The SBTi register has other columns.", "Check ISRA_SBTI_URL.")
    table = _Table()
    for cells in rows[1:]:
        row = dict(zip(heads, map(_text, cells), strict=False))
        for key, index in (("lei", table.by_lei), ("isin", table.by_isin)):
            if row.get(key):
                index.setdefault(row[key].upper(), row)
        table.by_name.setdefault("".join(name_key(row["company_name"])), []).append(row)
    return table


def _head(cell: object) -> str:
    return re.sub(
        r"[^a-z0-9]+", "_", str(cell).strip().lower().replace("target status", "status")
    ).strip("_")


def _text(cell: object) -> str:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "")
    return text.strip()


def _find(table: _Table, company: Company) -> tuple[Row | None, str]:
    """The company's row, and by what it was found."""
    if company.lei and company.lei in table.by_lei:
        return table.by_lei[company.lei], "LEI"
    if company.isin and company.isin in table.by_isin:
        return table.by_isin[company.isin], "ISIN"
    for name in (company.name, *company.aliases):
        rows = table.by_name.get("".join(name_key(name)), [])
        if len(rows) == 1:
            return rows[0], "name"
    return None, ""


def _status(row: Row) -> tuple[Literal["validated", "committed", "removed", "not listed"], str]:
    """The strongest status of a row, and each status in the register's own words."""
    words = {column: row.get(column, "") for column in _STATUS}
    parts = []
    for column, said in words.items():
        details = ", ".join(filter(None, (row.get(name, "") for name in _DETAILS[column])))
        if said:
            parts.append(f"{_WORDS[column]}: {said}" + (f" ({details})" if details else ""))
    said = " ".join(words.values()).casefold()
    detail = "; ".join(parts)
    if "targets set" in said:
        return "validated", detail
    if "removed" in said:
        return "removed", detail
    if "commit" in said:
        return "committed", detail
    return "not listed", detail
