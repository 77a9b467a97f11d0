import io
import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agent.settings import get_settings
from app.cli.commands import MODULES, commands_of
from app.cli.main import main
from tests.conftest import REPOSITORY
from tools.library.samples import sample_files

Done = subprocess.CompletedProcess[str]


def environment(data: Path, settings: dict[str, str]) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("ISRA_")},
        "ISRA_DATA_DIR": str(data),
        "ISRA_LOCAL_SEARCH": "off",
        **settings,
    }


def isra_process(data: Path, *arguments: str, **settings: str) -> Done:
    """Run the command as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from app.cli.main import main; main()", *arguments],
        capture_output=True,
        text=True,
        env={**environment(data, settings), "PYTHONPATH": str(REPOSITORY)},
        cwd=data.parent,
        timeout=240,
        check=False,
    )


def isra(data: Path, *arguments: str, **settings: str) -> Done:
    """Run the command in this process, which has everything loaded already."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with pytest.MonkeyPatch.context() as patch, chdir(data.parent):
        for name in [name for name in os.environ if name.startswith("ISRA_")]:
            patch.delenv(name)
        for name, value in environment(data, settings).items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["isra", *arguments])
        # The logs of this process belong to the whole run of the tests.
        patch.setattr("app.cli.commands.configure_logs", lambda *_: None)
        get_settings.cache_clear()
        with capture_logs(), redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as left:
                code = int(left.code or 0)
    get_settings.cache_clear()
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli") / "data"


@pytest.mark.parametrize("module", MODULES)
def test_a_command_is_found_where_the_list_says(module: str) -> None:
    assert tuple(commands_of(module)) == MODULES[module]


def test_a_command_imports_what_it_needs_alone() -> None:
    code = (
        "import sys; from app.cli.commands import commands_of; commands_of('system');"
        "print(*sorted({'docx', 'reportlab', 'xlsxwriter', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True)
    assert (done.returncode, done.stdout.split()) == (0, [])


def test_a_mistyped_command_is_told_which_was_meant(data: Path) -> None:
    done = isra_process(data, "servee")
    assert done.returncode == 2
    assert "'serve'" in done.stderr


def sample(name: str) -> str:
    return str(next(path for path in sample_files() if name in path.name))


def test_read_gives_one_json_document_and_nothing_else_on_stdout(data: Path) -> None:
    done = isra_process(data, "read", sample("aldermoor"), "--json", "--text")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["pages"] == len(document["page_texts"]) == 17
    assert {"file", "sha256", "characters", "seconds", "peak_mb", "warnings"} <= set(document)


def test_kpis_gives_figures_with_page_and_verbatim_quote(data: Path) -> None:
    done = isra(data, "kpis", sample("aldermoor"), "--company", "Aldermoor Cement", "--json")
    document = json.loads(done.stdout)
    assert document["report"]["fiscal_year"] == 2024
    figures = {(row["kpi"], row["year"], row["basis"]): row for row in document["kpis"]}
    found = figures["scope_1", 2024, None]
    assert found["printed"] in found["quote"]
    assert found["page"] > 0
    assert found["normalised"]["unit"] == "t CO2e"


def test_find_gives_pages_with_score_and_snippet(data: Path) -> None:
    done = isra(data, "find", sample("aldermoor"), "water withdrawal", "-k", "3", "--json")
    hits = json.loads(done.stdout)["hits"]
    assert len(hits) == 3
    assert {"page", "score", "snippet"} <= set(hits[0])


def test_check_document_refuses_another_company(data: Path) -> None:
    own = isra(
        data, "check-document", sample("aldermoor"), "--company", "Aldermoor Cement", "--json"
    )
    other = isra(data, "check-document", sample("aldermoor"), "--company", "Brennfels", "--json")
    assert json.loads(own.stdout)["verdict"] == "match"
    assert json.loads(other.stdout)["verdict"] == "mismatch"


def test_research_writes_the_analysis_and_every_export(data: Path, tmp_path: Path) -> None:
    out, exports = tmp_path / "out.json", tmp_path / "exports"
    done = isra(
        data,
        *("research", "sample cement industry", "--companies", "Aldermoor, Brennfels", "--yes"),
        *("--json", str(out), "--export", str(exports)),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    document = json.loads(out.read_text(encoding="utf-8"))
    assert [row["status"] for row in document["companies"]] == ["done", "done"]
    assert {"analysis_id", "industry", "table", "synthesis", "usage", "seconds"} <= set(document)
    for company in document["companies"]:
        assert company["kpis"]
        assert all(row["page"] and row["quote"] for row in company["kpis"])
        assert all(claim["evidence"] for claim in company["summary"])
    assert {path.suffix for path in exports.iterdir()} == {
        ".md",
        ".xlsx",
        ".docx",
        ".pdf",
        ".json",
    }
    asked = isra(data, "ask", document["analysis_id"], "Scope 1 emissions of Aldermoor?", "--json")
    answer = json.loads(asked.stdout)
    assert answer["found"]
    assert answer["claims"][0]["evidence"][0]["quote"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><title>404</title></html>", "web page"),
        (b"just some text", "not a PDF"),
    ],
)
def test_a_file_that_is_no_report_is_one_line_that_names_it(
    data: Path, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    done = isra(data, "kpis", str(file), "--json")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "report.pdf" in done.stderr
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_an_unknown_industry_and_an_empty_folder_end_in_one_line(
    data: Path, tmp_path: Path
) -> None:
    unknown = isra(data, "research", "qqzzxx", "--yes", "--json", "-")
    assert unknown.returncode == 1
    assert "Nearest" in unknown.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = isra(data, "research", "cement", "--library", str(empty), "--yes")
    assert nothing.returncode == 1
    assert "no PDF" in nothing.stderr


def test_a_wrong_setting_is_named_before_anything_starts(data: Path) -> None:
    done = isra_process(data, "doctor", ISRA_PORT="eighty")
    assert done.returncode == 1
    assert "ISRA_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_shows_what_works_and_no_secret(data: Path) -> None:
    done = isra(data, "doctor", "--json", ISRA_PDF_PASSWORD="hush-hush")
    assert done.returncode == 0
    assert "hush-hush" not in done.stdout + done.stderr
    assert {row["name"] for row in json.loads(done.stdout)} >= {"Python", "database", "mind"}
