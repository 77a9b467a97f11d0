"""Titles and addresses of real reports, as a public list gives them: are they known as reports?"""

import csv
import re
from pathlib import Path

import pytest

from agent.domain import Company
from tools.search.finder import is_sure
from tools.search.provider import Hit
from tools.search.rank import rank
from tools.web.domains import host_of, registrable


@pytest.mark.realdata
def test_nine_of_ten_real_reports_are_known_by_title_and_address(shared_data: Path) -> None:
    file = shared_data / "companies" / "eu_report_sources.csv"
    taken, passed_over = 0, []
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            url, title = row["source_pdf_url"].strip(), row["report_title"]
            # The list's own remarks in a title, and parts of a report, are no titles of reports.
            if not url.lower().endswith(".pdf") or re.search(r"index|\(|\+", title.lower()):
                continue
            domain = registrable(host_of(url))
            company = Company(id="x", name=row["company_name"], domains=(domain,))
            best = rank([Hit(url, title, "test", pdf=True)], company, None, 2026)
            if best and is_sure(best[0], company):
                taken += 1
            else:
                passed_over.append(title)
    assert taken / (taken + len(passed_over)) >= 0.9, passed_over
