"""Finds the columns of tables with camelot's stream method, inside a worker process only.

Camelot gives places alone: which words stand there is read from the page record, so that every
cell is printed on the page as it stands, without its footnote marks.
"""

import json
import logging
import sys
import warnings
from itertools import pairwise
from typing import Any

from camelot.io import read_pdf

from tools.pdf.confine import budget, peak_mb
from tools.pdf.worker import Emit, Job


def find_grids(job: Job, emit: Emit) -> None:
    """Answer each line with the path of a one-page PDF by the grids on that page.

    A grid is {"columns": edges of the columns from left to right, "top", "bottom"} in points
    from the top left; "width" and "height" are the page's as camelot sees it.
    """
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    for line in sys.stdin.buffer:
        budget(job["page_cpu_seconds"])
        path = json.loads(line)["path"]
        tables = read_pdf(path, pages="1", flavor="stream", suppress_stdout=True)
        grids = [_grid(table) for table in tables]
        emit({"kind": "page", "page": {"grids": grids}, "peak_mb": peak_mb()})


def _grid(table: Any) -> dict[str, Any]:
    width, height = table.pdf_size
    edges = [table.cols[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(table.cols))]
    return {
        "columns": [float(x) for x in (*edges, table.cols[-1][1])],
        "top": float(height - max(row[0] for row in table.rows)),
        "bottom": float(height - min(row[1] for row in table.rows)),
        "width": float(width),
        "height": float(height),
    }
