"""Page records as plain JSON values, for the worker's pipe and for the bundle."""

from typing import Any

from tools.pdf.page import PageRecord, Row, Table, TableRow, Word

Json = dict[str, Any]


def to_json(record: PageRecord) -> Json:
    """A JSON object for one page; empty fields are left out."""
    values: Json = {
        "n": record.number,
        "w": round(record.width, 2),
        "h": round(record.height, 2),
        "t": record.text,
    }
    optional: Json = {
        "rows": [[_word(w) for w in row.words] for row in record.rows],
        "tables": [_table(table) for table in record.tables],
        "label": record.label,
        "hidden": list(record.hidden),
        "image": round(record.image_share, 3),
        "reader": "" if record.reader == "pdfium" else record.reader,
        "unreadable": record.unreadable,
        "lost": record.lost,
        "warnings": list(record.warnings),
    }
    values.update((key, value) for key, value in optional.items() if value)
    return values


def from_json(values: Json) -> PageRecord:
    """The page record of `to_json`. Raises KeyError, TypeError or ValueError on other input."""
    return PageRecord(
        number=int(values["n"]),
        width=float(values["w"]),
        height=float(values["h"]),
        text=str(values["t"]),
        rows=tuple(Row(tuple(Word(*w) for w in row)) for row in values.get("rows", ())),
        tables=tuple(_read_table(table) for table in values.get("tables", ())),
        label=values.get("label", ""),
        hidden=tuple(values.get("hidden", ())),
        image_share=values.get("image", 0.0),
        reader=values.get("reader", "pdfium"),
        unreadable=values.get("unreadable", False),
        lost=values.get("lost", ""),
        warnings=tuple(values.get("warnings", ())),
    )


def _word(word: Word) -> list[Any]:
    values = [
        word.text,
        round(word.x0, 1),
        round(word.top, 1),
        round(word.x1, 1),
        round(word.bottom, 1),
        round(word.height, 2),
    ]
    return [*values, True] if word.mark else values


def _table(table: Table) -> Json:
    return {
        "columns": table.columns,
        "rows": [
            (row.label, row.section, row.cells, row.unit, row.row, row.marks) for row in table.rows
        ],
        "caption": table.caption,
        "unit": table.unit,
        "method": table.method,
        "box": (table.x0, table.x1, table.top, table.bottom),
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
