"""Write the sample reports, their list for the product, and the golden truth.

`python -m evals.golden.make_samples [--only ID]`
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from evals.golden.make_samples.document import MadeReport, make_report
from evals.golden.make_samples.spec import load_specs
from evals.golden.make_samples.truth import Truth

ROOT = Path(__file__).parents[3]
LIBRARY = ROOT / "tools" / "library" / "samples"
GOLDEN = ROOT / "evals" / "golden" / "samples"


def main(
    only: Annotated[str, typer.Option(help="Make just this company's PDF, no golden files.")] = "",
) -> None:
    """Make all sample reports, or one of them while its content is being written."""
    specs = [spec for spec in load_specs() if only in {"", spec.company.id}]
    made = []
    for spec in specs:
        report = make_report(spec)
        target = LIBRARY / spec.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(report.pdf)
        typer.echo(f"{spec.file}: {len(report.pdf) // 1024} kB")
        made.append(report)
    if not only:
        write_truth(made)


def write_truth(made: list[MadeReport]) -> None:
    """The golden lines of all reports, and the list of reports the product ships."""
    truths = [Truth(report) for report in made]
    reports = [truth.report() for truth in truths]
    files: dict[str, list[dict[str, Any]]] = {
        "reports": reports,
        "kpi_values": [line for t in truths for line in t.kpi_values()],
        "table_rows": [line for t in truths for line in t.table_rows()],
        "targets": [line for t in truths for line in t.targets()],
        "targets_none": [line for t in truths for line in t.no_targets()],
        "absent": [line for t in truths for line in t.absent()],
        "page_questions": [line for t in truths for line in t.page_questions()],
    }
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (GOLDEN / f"{name}.jsonl").write_text(text, encoding="utf-8")
        typer.echo(f"{name}.jsonl: {len(lines)} lines")
    head = "# Made by evals/golden/make_samples; do not edit by hand.\n"
    companies = [_listed(one, line) for one, line in zip(made, reports, strict=True)]
    listed = {"fictional": True, "companies": companies}
    text = yaml.safe_dump(listed, sort_keys=False, allow_unicode=True)
    (LIBRARY / "companies.yaml").write_text(head + text, encoding="utf-8")


def _listed(made: MadeReport, report: dict[str, Any]) -> dict[str, Any]:
    """A company as the directory takes it, with its report."""
    company = made.spec.company
    keys = ("file", "title", "fiscal_year", "kind", "pages", "sha256")
    return {
        "id": company.id,
        "name": company.name,
        "aliases": [company.legal_name, *company.aliases],
        "country": company.country,
        "industry": company.industry,
        "report": {key: report[key] for key in keys},
    }


if __name__ == "__main__":
    typer.run(main)
