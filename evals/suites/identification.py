"""Whether words are understood as the industry meant, and its companies are those known.

`golden/industry_queries.yaml` holds 100 ways of naming industries, which were not tuned to; a set
may have its own as `gold/industry_queries.yaml`. Of an industry whose reports a set lists with
`industry` and `company_id`, the directory must name just these companies.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from evals.golden.lines import gold_lines
from evals.measures import Measure
from tools.directory import Directory, load_directory

QUERIES = Path(__file__).parents[1] / "golden" / "industry_queries.yaml"


def run(data: Path) -> dict[str, object]:
    """Score queries and the companies of the set's industries."""
    queries = queries_of(data)
    measures = score(load_directory(), queries, gold_lines(data, "reports.jsonl"))
    console = Console(file=sys.stderr, width=100)
    for measure in measures:
        console.print(f"{measure.name}: {measure.right:g}/{measure.of:g}")
    return {
        "queries": len(queries),
        **{measure.name: measure.value for measure in measures},
        "measures": [measure.shape() for measure in measures],
    }


def queries_of(data: Path) -> list[dict[str, Any]]:
    """Ways of naming industries: the set's own, else those that are delivered."""
    own = data / "gold" / "industry_queries.yaml"
    queries = yaml.safe_load((own if own.is_file() else QUERIES).read_text(encoding="utf-8"))
    return list(queries)


def score(
    directory: Directory, queries: Sequence[Mapping[str, Any]], reports: Sequence[Mapping[str, Any]]
) -> tuple[Measure, ...]:
    """`understood`: industries and region as meant; `companies_named`, `companies_meant`."""
    understood = Measure("understood")
    for query in queries:
        found = directory.understand(query["text"])
        meant = {industry.id for industry in found.industries} == set(query["industries"])
        placed = query.get("region", found.region) == found.region
        understood.add("queries", meant and placed and not found.tie, 1)
    named, meant_ones = Measure("companies_named"), Measure("companies_meant")
    listed = [line for line in reports if line.get("company_id") and line.get("industry")]
    for industry in sorted({line["industry"] for line in listed}):
        known = {line["company_id"] for line in listed if line["industry"] == industry}
        found_ids = {company.id for company in directory.companies(industry, ())}
        named.add(industry, len(known & found_ids), len(known))
        meant_ones.add(industry, len(known & found_ids), len(found_ids))
    return understood, named, meant_ones
