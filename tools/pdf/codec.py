"""Page records for the worker's pipe and for the bundle: a small head and a packed body.

The head is what most readers want (the text, the label, what is wrong); rows and tables are the
body, packed once in the worker and unpacked only by who needs them.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from tools.pdf.page import PageRecord, Row, Table, TableRow, Word

Json = dict[str, Any]
_LARGEST_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page record as it travels and rests."""

    head: Json
    body: bytes

    @property
    def number(self) -> int:
        return int(self.head["n"])

    @property
    def text(self) -> str:
        return str(self.head["t"])

    def record(self) -> PageRecord:
        """The page record. Raises KeyError, TypeError, ValueError or zlib.error on rubbish."""
        return _record(self.head, _unpack(self.body) if self.body else {})


def pack(record: PageRecord) -> PackedPage:
    """Pack a page record; empty fields are left out."""
    head: Json = {
        "n": record.number,
        "w": round(record.width, 2),
        "h": round(record.height, 2),
        "t": record.text,
        "label": record.label,
        "hidden": record.hidden,
        "image": round(record.image_share, 3),
        "reader": "" if record.reader == "pdfium" else record.reader,
        "unreadable": record.unreadable,
        "lost": record.lost,
        "warnings": record.warnings,
    }
    head = {key: value for key, value in head.items() if value or key in {"n", "w", "h", "t"}}
    if not record.rows and not record.tables:
        return PackedPage(head, b"")
    body = {
        "rows": [_row(row) for row in record.rows],
        "tables": [_table(t) for t in record.tables],
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return PackedPage(head, zlib.compress(text.encode("utf-8", "replace"), 1))


def _unpack(body: bytes) -> Json:
    values: Json = json.loads(zlib.decompressobj().decompress(body, _LARGEST_BODY))
    return values


def _record(head: Json, body: Json) -> PageRecord:
    return PageRecord(
        number=int(head["n"]),
        width=float(head["w"]),
        height=float(head["h"]),
        text=str(head["t"]),
        rows=tuple(Row(tuple(_read_word(word) for word in row)) for row in body.get("rows", ())),
        tables=tuple(_read_table(table) for table in body.get("tables", ())),
        label=head.get("label", ""),
        hidden=tuple(head.get("hidden", ())),
        image_share=head.get("image", 0.0),
        reader=head.get("reader", "pdfium"),
        unreadable=head.get("unreadable", False),
        lost=head.get("lost", ""),
        warnings=tuple(head.get("warnings", ())),
    )


def _row(row: Row) -> list[Any]:
    return [
        (
            w.text,
            int(w.x0 * 10 + 0.5),
            int(w.top * 10 + 0.5),
            int(w.x1 * 10 + 0.5),
            int(w.bottom * 10 + 0.5),
            int(w.height * 100 + 0.5),
            int(w.mark),
        )
        for w in row.words
    ]


def _read_word(values: list[Any]) -> Word:
    text, x0, top, x1, bottom, height, mark = values
    return Word(str(text), x0 / 10, top / 10, x1 / 10, bottom / 10, height / 100, bool(mark))


def _table(table: Table) -> Json:
    return {
        "columns": table.columns,
        "rows": [
            (row.label, row.section, row.cells, row.unit, row.row, row.marks) for row in table.rows
        ],
        "caption": table.caption,
        "unit": table.unit,
        "method": table.method,
        "box": [round(edge, 1) for edge in (table.x0, table.x1, table.top, table.bottom)],
    }


def _read_table(values: Json) -> Table:
    x0, x1, top, bottom = values["box"]
    return Table(
        columns=tuple(values["columns"]),
        rows=tuple(
            TableRow(label, section, tuple(cells), unit, row, tuple(marks))
            for label, section, cells, unit, row, marks in values["rows"]
        ),
        caption=values["caption"],
        unit=values["unit"],
        method=values["method"],
        x0=x0,
        x1=x1,
        top=top,
        bottom=bottom,
    )
