import re

from agent.analyst.extractive import ExtractiveAnalyst
from agent.domain import (
    CompanyAnalysis,
    ComparisonTable,
    Industry,
    IndustrySynthesis,
    KpiRecord,
)
from tests.builders import company, figure, not_disclosed, target
from tools.evidence.compare import compare

INDUSTRY = Industry(id="steel", name="Steel")


def emitters() -> list[CompanyAnalysis]:
    alpha = company(
        "Alpha AG",
        figure("scope_1", 2023, 100),
        figure("scope_2", 2023, 50, basis="market"),
        figure("scope_1_2", 2023, 150, basis="market"),
        figure("scope_1_2", 2022, 200, basis="market"),
        figure("scope_3", 2023, 9_000),
        figure("women_in_management", 2023, 30, "%"),
        targets=(target("net_zero", "net zero emissions by 2040", target_year=2040, scopes="1+2"),),
    )
    beta = company(
        "Beta plc",
        figure("scope_1", 2023, 4_000, company="beta"),
        figure("scope_1_2", 2023, 5_000, company="beta", basis="market"),
        figure("scope_1_2", 2022, 4_000, company="beta", basis="market"),
        figure("women_in_management", 2023, 20, "%", company="beta"),
        silences=(not_disclosed("scope_3", "Scope 3 is not reported yet.", "beta"),),
        targets=(
            target("net_zero", "climate neutral by 2050", "beta", target_year=2050),
        ),
        unreadable=(4, 5),
    )  # fmt: skip
    return [alpha, beta]


async def synthesis(
    companies: list[CompanyAnalysis], table: ComparisonTable | None = None
) -> IndustrySynthesis:
    done = [row for row in companies if row.status == "done"]
    return await ExtractiveAnalyst().synthesize(INDUSTRY, tuple(companies), table or compare(done))


async def test_every_citation_number_is_the_place_of_its_claim() -> None:
    written = await synthesis(emitters())
    numbers = [int(n) for n in re.findall(r"(?<!\\)\[(\d+)\]", written.markdown)]
    assert numbers == list(range(1, len(written.claims) + 1))
    for line in written.markdown.splitlines():
        if match := re.search(r"^- (.*) \[(\d+)\]$", line):
            assert (
                match[1]
                .replace("\\", "")
                .rstrip("”")
                .endswith(written.claims[int(match[2]) - 1].text)
            )


async def test_every_claim_has_evidence_of_the_records_it_names() -> None:
    companies = emitters()
    records = {record.id: record for row in companies for record in row.kpis}
    written = await synthesis(companies)
    assert written.claims
    for claim in written.claims:
        assert claim.evidence
        assert all(records[kpi].evidence in claim.evidence for kpi in claim.kpis)


async def test_counts_spans_trends_leaders_targets_and_gaps_are_told() -> None:
    text = (await synthesis(emitters())).markdown
    assert "Steel: two reports read, of Alpha AG (2023) and Beta plc (2023)." in text
    assert "Both companies report comparable Scope 1 emissions for 2023, from 100 t CO2e " in text
    assert "fell at Alpha AG (down 25% to 150 t CO2e in 2023)" in text
    assert "rose at Beta plc (up 25% to 5,000 t CO2e in 2023)" in text
    assert "Alpha AG reports the highest share of women in management for 2023 (30%)" in text
    assert "is the target of Alpha AG by 2040; of Beta plc by 2050" in text
    assert (
        "**Beta plc** does not disclose Scope 3 emissions: “Scope 3 is not reported yet.”" in text
    )
    assert "Beta plc: page 4, 5 could not be read" in text
    assert "no language model was used" in text


async def test_absolute_emissions_are_never_ranked() -> None:
    text = (await synthesis(emitters())).markdown
    for line in text.splitlines():
        if re.search("emissions", line, re.IGNORECASE):
            assert not re.search(r"\b(?:best|worst|lowest|highest|leader|leads)\b", line), line


async def test_candidates_are_not_compared() -> None:
    companies = [
        company(
            "Alpha AG", figure("ltifr", 2023, 1.0, "per million hours worked", status="candidate")
        ),
        company("Beta plc", figure("ltifr", 2023, 3.0, "per million hours worked", company="beta")),
    ]
    assert "lowest" not in (await synthesis(companies)).markdown


async def test_a_company_without_a_report_is_named_with_its_reason() -> None:
    lost = CompanyAnalysis(
        company_id="g", name="Gamma", status="no_report", reason="No report is at hand."
    )
    text = (await synthesis([*emitters(), lost])).markdown
    assert "Gamma: No report is at hand." in text


async def test_nothing_found_at_all_is_said_and_not_filled() -> None:
    written = await synthesis([company("Alpha AG"), company("Beta plc")])
    assert written.claims == ()
    assert "Not found in any report: Scope 1 emissions" in written.markdown
    assert (
        "No emission target was found in the reports of Alpha AG and Beta plc." in written.markdown
    )


async def test_text_of_reports_cannot_mark_up_the_synthesis() -> None:
    quote = "No data <img src=x> ![x](http://evil.example/p.png) [7] **yet** on Scope 3"
    alpha = company("Alpha AG", silences=(not_disclosed("scope_3", quote),))
    written = await synthesis([alpha])
    (claim,) = written.claims
    assert claim.text == quote
    line = next(line for line in written.markdown.splitlines() if "No data" in line)
    assert r"\<img" in line and r"!\[x\]" in line and r"\[7\]" in line and r"\*\*yet" in line


async def test_one_report_alone_is_not_called_a_comparison() -> None:
    records: list[KpiRecord] = [figure("scope_1", 2023, 10), figure("scope_1", 2022, 20)]
    text = (await synthesis([company("Alpha AG", *records)])).markdown
    assert "one report read" in text
    assert "companies report comparable" not in text
