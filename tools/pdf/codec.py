"""Page records for the worker's pipe and for the bundle: a small head and a packed body.

The head is what most readers want (the text, the label, what is wrong); rows and tables are the
body, packed once in the worker and unpacked only by who needs them.
"""

import json
import struct
import zlib
from array import array
from dataclasses import dataclass
from typing import Any

from tools.pdf.page import PageRecord, Row, Table, TableRow, Word

Json = dict[str, Any]
_LARGEST_BODY = 64 * 1024 * 1024
_LENGTH = struct.Struct("<I")
_PLACE = struct.Struct("=5f")

UNPACK_ERRORS = (LookupError, TypeError, ValueError, RuntimeError, struct.error, zlib.error)


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
        """The page record. Raises one of UNPACK_ERRORS on rubbish."""
        return _record(self.head, _unpack(self.body) if self.body else {})


def pack(record: PageRecord, digest: Json | None = None) -> PackedPage:
    """Pack a page record, with what the page index wants of it; empty fields are left out."""
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
        "digest": digest,
    }
    head = {key: value for key, value in head.items() if value or key in {"n", "w", "h", "t"}}
    if not record.rows and not record.tables:
        return PackedPage(head, b"")
    return PackedPage(head, _pack_body(record))


def _pack_body(record: PageRecord) -> bytes:
    """Texts as JSON, positions behind it as 32-bit floats: five a word."""
    places = array("f")
    for row in record.rows:
        for word in row.words:
            places.extend((word.x0, word.top, word.x1, word.bottom, word.height))
    values = {
        "rows": [[word.text for word in row.words] for row in record.rows],
        "marks": [
            (row, place)
            for row, line in enumerate(record.rows)
            for place, word in enumerate(line.words)
            if word.mark
        ],
        "tables": [_table(table) for table in record.tables],
    }
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return zlib.compress(_LENGTH.pack(len(text)) + text + places.tobytes(), 1)


def _unpack(body: bytes) -> Json:
    data = zlib.decompressobj().decompress(body, _LARGEST_BODY)
    (length,) = _LENGTH.unpack_from(data)
    end = _LENGTH.size + length
    values: Json = json.loads(data[_LENGTH.size : end])
    places = _PLACE.iter_unpack(data[end:])
    marks = {(row, place) for row, place in values["marks"]}
    values["rows"] = tuple(
        Row(
            tuple(
                [
                    _word(text, next(places), mark=(row, place) in marks)
                    for place, text in enumerate(texts)
                ]
            )
        )
        for row, texts in enumerate(values["rows"])
    )
    return values


def _record(head: Json, body: Json) -> PageRecord:
    return PageRecord(
        number=int(head["n"]),
        width=float(head["w"]),
        height=float(head["h"]),
        text=str(head["t"]),
        rows=body.get("rows", ()),
        tables=tuple(_read_table(table) for table in body.get("tables", ())),
        label=head.get("label", ""),
        hidden=tuple(head.get("hidden", ())),
        image_share=head.get("image", 0.0),
        reader=head.get("reader", "pdfium"),
        unreadable=head.get("unreadable", False),
        lost=head.get("lost", ""),
        warnings=tuple(head.get("warnings", ())),
    )


def _word(text: str, place: tuple[float, ...], *, mark: bool) -> Word:
    x0, top, x1, bottom, height = place
    return Word(text, x0, top, x1, bottom, height, mark)


def _table(table: Table) -> Json:
    return {
        "columns": table.columns,
        "rows": [
            (
                *(row.label, row.section, row.cells, row.unit, row.row, row.marks),
                *(row.period, row.code, row.span),
            )
            for row in table.rows
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
            TableRow(
                label, section, tuple(cells), unit, row, tuple(marks), period, code, (first, last)
            )
            for label, section, cells, unit, row, marks, period, code, (first, last) in values[
                "rows"
            ]
        ),
        caption=values["caption"],
        unit=values["unit"],
        method=values["method"],
        x0=x0,
        x1=x1,
        top=top,
        bottom=bottom,
    )
