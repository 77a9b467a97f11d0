"""The maker of the sample reports: same content, same bytes, and no lie gets through."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pydantic import ValidationError

from evals.golden.layout import gold_dir
from evals.golden.make_samples.document import MadeReport, make_report
from evals.golden.make_samples.printed import Ledger, format_number, paragraphs
from evals.golden.make_samples.spec import (
    Block,
    Fact,
    IndexRow,
    NumberStyle,
    ReportSpec,
    Section,
    TargetSpec,
    load_specs,
)
from evals.golden.make_samples.truth import Truth
from tools.library.samples import FOLDER

SPECS = load_specs()
IDS = [spec.company.id for spec in SPECS]


@pytest.fixture(scope="module")
def made() -> Callable[[ReportSpec], MadeReport]:
    done: dict[str, MadeReport] = {}

    def make(spec: ReportSpec) -> MadeReport:
        if spec.file not in done:
            done[spec.file] = make_report(spec)
        return done[spec.file]

    return make


def decoded(pdf: bytes) -> list[bytes]:
    """All streams without their compression, which differs between builds of zlib."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    streams = []
    for number in range(1, len(reader.xref[0]) + 1):
        item = reader.get_object(number)
        if isinstance(item, pypdf.generic.StreamObject):
            streams.append(item.get_data())
    return streams


@pytest.mark.parametrize("spec", SPECS, ids=IDS)
def test_making_a_report_again_gives_the_committed_file(
    spec: ReportSpec, made: Callable[[ReportSpec], MadeReport]
) -> None:
    committed = (FOLDER / spec.file).read_bytes()
    again = made(spec).pdf
    assert again == committed or decoded(again) == decoded(committed)


@pytest.mark.parametrize("spec", SPECS, ids=IDS)
def test_the_golden_lines_are_those_of_the_content(
    spec: ReportSpec, made: Callable[[ReportSpec], MadeReport]
) -> None:
    truth = Truth(made(spec))
    fresh: dict[str, list[dict[str, Any]]] = {
        "kpi_values": truth.kpi_values(),
        "table_rows": truth.table_rows(),
        "targets": truth.targets(),
        "targets_none": truth.no_targets(),
        "absent": truth.absent(),
        "page_questions": truth.page_questions(),
    }
    for name, lines in fresh.items():
        stored = (gold_dir() / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        parsed = [json.loads(line) for line in stored]
        assert lines == [line for line in parsed if line["report"] == spec.file]


def test_two_processes_make_the_same_bytes() -> None:
    code = (
        "import hashlib; from evals.golden.make_samples.document import make_report;"
        "from evals.golden.make_samples.spec import load_specs;"
        "spec = next(s for s in load_specs() if s.scans);"
        "print(hashlib.sha256(make_report(spec).pdf).hexdigest())"
    )
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


@pytest.mark.parametrize(
    ("value", "style", "printed"),
    [
        ("1204518", NumberStyle(decimal=",", thousands="."), "1.204.518"),
        ("0.598", NumberStyle(decimal=",", thousands="."), "0,598"),
        ("1986.4", NumberStyle(decimal=",", thousands="."), "1.986,4"),
        ("312400", NumberStyle(), "312,400"),
        ("24.0", NumberStyle(), "24.0"),
        ("-4700.5", NumberStyle(), "–4,700.5"),
        ("n/a", NumberStyle(), "n/a"),
    ],
)
def test_numbers_are_printed_in_the_style_of_the_report(
    value: str, style: NumberStyle, printed: str
) -> None:
    assert format_number(value, style) == printed


def test_a_figure_in_a_sentence_is_recorded_with_that_sentence_only() -> None:
    spec = next(spec for spec in SPECS if spec.company.id == "aldermoor-cement")
    ledger = Ledger(spec)
    list(paragraphs("First words. We used {energy.2024} GWh of *energy*. Last words.", ledger))
    assert [entry.quote for entry in ledger.entries] == ["We used 4,310 GWh of energy."]


def test_a_block_that_says_two_things_is_refused() -> None:
    with pytest.raises(ValidationError, match="holds exactly one thing"):
        Block(text="a", columns="b")


def test_a_fact_that_is_no_plain_number_is_refused() -> None:
    with pytest.raises(ValidationError, match="not a plain number"):
        Fact(unit="t", print_unit="t", values={2024: "1,234"})


def changed(**changes: object) -> ReportSpec:
    return SPECS[0].model_copy(update=changes)


def test_a_target_that_is_not_in_the_report_is_refused(
    made: Callable[[ReportSpec], MadeReport],
) -> None:
    report = made(SPECS[0])
    lie = changed(targets=(TargetSpec(kind="net_zero", quote="We reached net zero yesterday."),))
    with pytest.raises(LookupError, match="not on any page"):
        Truth(MadeReport(lie, report.pdf, report.ledger, report.section_pages)).targets()


def test_an_index_that_points_nowhere_is_refused() -> None:
    row = IndexRow(code="GRI 1", title="Nothing", section="A chapter that is not there")
    section = Section(title="Index", blocks=(Block(index=(row,)),))
    with pytest.raises(KeyError, match="no section"):
        make_report(changed(sections=(section,)))
