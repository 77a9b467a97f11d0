"""The golden truth of a made report: each printed fact with the PDF page it stands on."""

import re
import unicodedata
from collections import defaultdict
from hashlib import sha256
from typing import Any

import pypdfium2 as pdfium

from evals.golden.make_samples.document import MadeReport
from evals.golden.make_samples.printed import Printed, format_number, plain
from evals.golden.make_samples.spec import RowSpec, TableSpec

Line = dict[str, Any]
_JOINERS = re.compile(r"[\s\-‐-―￾\x02]+")
_ORDER = {"table": 0, "scan": 1, "prose": 2, "tile": 3}


def squeeze(text: str) -> str:
    """Text without white space and hyphens, in one Unicode form, to be found across line ends."""
    return _JOINERS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def page_texts(pdf: bytes) -> list[str]:
    """Text of each page in content-stream order."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


class Truth:
    """Golden lines of one report."""

    def __init__(self, made: MadeReport) -> None:
        self.made, self.spec = made, made.spec
        self.pages = [squeeze(text) for text in page_texts(made.pdf)]

    def find(self, quote: str) -> list[int]:
        """PDF pages on which the words stand; LookupError where there is none."""
        wanted = squeeze(plain(quote))
        found = [number for number, text in enumerate(self.pages, 1) if wanted in text]
        if not found:
            raise LookupError(f"{self.spec.file}: not on any page: {quote!r}")
        return found

    def report(self) -> Line:
        company = self.spec.company
        index = [
            {"framework": name, "pages": self._section_pages(title)}
            for name, title in self.spec.frameworks.items()
        ]
        return {
            "file": self.spec.file,
            "company": company.legal_name,
            "company_id": company.id,
            "industry": company.industry,
            "title": company.title,
            "fiscal_year": company.fiscal_year,
            "period": company.period,
            "kind": company.kind,
            "language": "en",
            "pages": len(self.pages),
            "has_content_index": bool(index),
            "content_index": index,
            "sha256": sha256(self.made.pdf).hexdigest(),
            "fictional": True,
            "note": company.sector_note,
        }

    def _section_pages(self, title: str) -> list[int]:
        starts = sorted(self.made.section_pages.values())
        first = self.made.section_pages[title]
        after = [page for page in starts if page > first]
        return list(range(first, after[0] if after else len(self.pages) + 1))

    def kpi_values(self) -> list[Line]:
        """One line a printed figure of a catalogued KPI; further pages in `also_pages`."""
        groups: dict[tuple[str, int], list[Printed]] = defaultdict(list)
        for entry in self.made.ledger.entries:
            if self.spec.facts[entry.fact].kpi:
                groups[entry.fact, entry.year].append(entry)
        return [self._value(fact, year, entries) for (fact, year), entries in groups.items()]

    def _value(self, fact_id: str, year: int, entries: list[Printed]) -> Line:
        fact, company = self.spec.facts[fact_id], self.spec.company
        entries = sorted(entries, key=lambda e: _ORDER[e.how])
        first = entries[0]
        pages: list[int] = []
        for entry in entries:
            found = self._scan_page(entry) if entry.how == "scan" else self.find(entry.quote)
            pages += [page for page in found if page not in pages]
        line: Line = {
            "report": self.spec.file,
            "company": company.name,
            "industry": company.industry,
            "kpi": fact.kpi,
            "year": year,
            "value": float(fact.values[year]),
            "printed": format_number(fact.values[year], self.spec.numbers),
            "unit": fact.unit,
            "unit_printed": fact.print_unit,
            "basis": fact.basis,
            "boundary": fact.boundary,
            "pdf_page": pages[0],
            "quote": first.quote,
            "note": fact.note,
        }
        optional = {
            "variant": fact.variant,
            "of": fact.of,
            "also_pages": pages[1:],
            "image": first.how == "scan",
        }
        return line | {key: value for key, value in optional.items() if value}

    def _scan_page(self, entry: Printed) -> list[int]:
        for scan, page in self.made.ledger.scanned.items():
            rows = self.spec.tables[self.spec.scans[scan].table].rows
            if any(row.fact == entry.fact for row in rows):
                return [page]
        raise LookupError(f"{self.spec.file}: no scan shows {entry.fact}")

    def table_rows(self) -> list[Line]:
        """Rows of KPI tables whose label stands in one table only."""
        lines = []
        labels = [r.label for t in self.spec.tables.values() for r in t.rows]
        for table, row in self._fact_rows():
            if labels.count(row.label) != 1 or any(c.suffix for c in table.columns):
                continue
            fact = self.spec.facts[row.fact or ""]
            columns = [c for c in table.columns if c.year in fact.values]
            lines.append(
                {
                    "report": self.spec.file,
                    "pdf_page": self.find(self._whole_row(row))[0],
                    "label_regex": re.escape(re.sub(r"\[\^\w+\]", "", row.label)),
                    "columns": [c.head for c in columns],
                    "values": [
                        format_number(fact.values[c.year or 0], self.spec.numbers) for c in columns
                    ],
                }
            )
        return lines

    def _whole_row(self, row: RowSpec) -> str:
        """The longest quote of the row: its label, unit and all values."""
        start = plain(row.label) + " "
        quotes = [
            entry.quote
            for entry in self.made.ledger.entries
            if entry.how == "table" and entry.fact == row.fact and entry.quote.startswith(start)
        ]
        return max(quotes, key=len)

    def _fact_rows(self) -> list[tuple[TableSpec, RowSpec]]:
        scanned = {scan.table for scan in self.spec.scans.values()}
        used = {b.table for s in self.spec.sections for b in s.blocks if b.table}
        return [
            (table, row)
            for name, table in self.spec.tables.items()
            if name in used - scanned
            for row in table.rows
            if row.fact
        ]

    def targets(self) -> list[Line]:
        lines = []
        for target in self.spec.targets:
            pages = self.find(target.quote)
            line: Line = {
                "report": self.spec.file,
                "company": self.spec.company.name,
                "kind": target.kind,
                "scopes": target.scopes,
                "base_year": target.base_year,
                "target_year": target.target_year,
                "reduction_pct": target.reduction_pct,
                "status_words": target.status_words,
                "pdf_page": pages[0],
                "quote": plain(target.quote),
            }
            optional = {
                "target_share_pct": target.target_share_pct,
                "per_year": target.per_year,
                "also_pages": pages[1:],
                "note": target.note,
            }
            lines.append(line | {key: value for key, value in optional.items() if value})
        return lines

    def no_targets(self) -> list[Line]:
        """A line for a report that states no target, with the words that come nearest."""
        none = self.spec.no_targets
        if none is None:
            return []
        return [
            {
                "report": self.spec.file,
                "company": self.spec.company.name,
                "has_targets": False,
                "note": none.note,
                "pdf_page": self.find(none.quote)[0],
                "quote": plain(none.quote),
            }
        ]

    def absent(self) -> list[Line]:
        given = {fact.kpi for fact in self.spec.facts.values() if fact.kpi}
        lines = []
        for item in self.spec.absent:
            if item.kpi in given:
                raise ValueError(f"{self.spec.file}: {item.kpi} is both given and absent")
            lines.append(
                {
                    "report": self.spec.file,
                    "company": self.spec.company.name,
                    "kpi": item.kpi,
                    "silence": item.silence,
                    "pdf_page": self.find(item.quote)[0] if item.quote else None,
                    "quote": plain(item.quote) if item.quote else None,
                    "note": item.note,
                }
            )
        return lines

    def page_questions(self) -> list[Line]:
        return [
            {
                "report": self.spec.file,
                "question": item.question,
                "gold_pages": sorted({page for words in item.answers for page in self.find(words)}),
            }
            for item in self.spec.questions
        ]
