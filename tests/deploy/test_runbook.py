"""The pipeline and the runbook name what is there: commits, commands, alarms, variables."""

import re
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from botocore import xform_name

from tests.conftest import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
RUNBOOK = (REPOSITORY / "deploy" / "README.md").read_text(encoding="utf-8")
TERRAFORM = REPOSITORY / "deploy" / "terraform"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_every_action_is_pinned_by_its_commit() -> None:
    used = [
        line.partition("uses:")[2].strip()
        for path in WORKFLOWS
        for line in lines_of(path)
        if "uses:" in line
    ]
    assert len(used) > 10
    # A workflow of this repository is of the same commit anyhow.
    foreign = [name for name in used if not name.startswith("./")]
    assert [name for name in foreign if not PINNED.fullmatch(name)] == []
    # One commit of each, or somebody forgot a place.
    commits = {name.partition("@")[0]: name for name in foreign}
    assert set(commits.values()) == set(foreign)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_says_what_it_may_do_and_how_long(path: Path) -> None:
    described: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert described["permissions"]["contents"] == "read"
    assert "write-all" not in path.read_text(encoding="utf-8")
    for name, job in described["jobs"].items():
        assert "uses" in job or job["timeout-minutes"] <= 90, name


def commands() -> list[tuple[str, str]]:
    """Every `python -m deploy.…` of the pipeline and the runbook: the module, and its arguments."""
    texts = [RUNBOOK, *(path.read_text(encoding="utf-8") for path in WORKFLOWS)]
    found = [
        match
        for text in texts
        for match in re.findall(r"python -m (deploy[\w.]+)((?:[^`\n]|\n(?=[\w-]* ?--))*)", text)
    ]
    assert len(found) > 8
    return found


def test_the_commands_that_are_named_are_there_with_their_options() -> None:
    for module, arguments in commands():
        folder = REPOSITORY.joinpath(*module.split("."))
        path = folder / "__main__.py" if folder.is_dir() else folder.with_suffix(".py")
        known = set(re.findall(r'add_argument\("(--[\w-]+)"', path.read_text(encoding="utf-8")))
        assert set(re.findall(r"(?<= )--[\w-]+", arguments)) <= known, module


def test_the_commands_of_aws_that_are_named_are_there_with_their_options() -> None:
    session = botocore.session.Session()
    text = RUNBOOK.replace("\\\n", " ")
    found = re.findall(r"\baws ([a-z0-9]+) ([a-z-]+)((?:[^`\n|]|\n(?=[^`\n]*`))*)", text)
    assert len(found) > 12
    for service, command, arguments in found:
        model = session.get_service_model({"s3api": "s3"}.get(service, service))
        # Two that the command line has of its own.
        if command in {"wait", "get-login-password"}:
            continue
        named = {xform_name(name, "-"): name for name in model.operation_names}
        assert command in named, f"aws {service} {command}"
        members = model.operation_model(named[command]).input_shape.members
        known = {xform_name(name, "-") for name in members} | {"query", "output"}
        assert set(re.findall(r"(?<=\s)--([a-z-]+)", arguments)) <= known, f"{service} {command}"


def test_the_targets_of_make_that_are_named_are_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([\w./-]+)", RUNBOOK, re.M))
    assert len(named) > 3
    for target in named:
        written = target.replace(".venv", "$(VENV)")
        assert re.search(rf"^{re.escape(written)}:", makefile, re.M), target


def test_every_alarm_is_explained() -> None:
    monitoring = (TERRAFORM / "modules" / "monitoring" / "main.tf").read_text(encoding="utf-8")
    scaling = (TERRAFORM / "modules" / "service" / "scaling.tf").read_text(encoding="utf-8")
    own = monitoring[monitoring.index("own_alarms = {") : monitoring.index("resource ")]
    names = set(re.findall(r"^    ([a-z-]+) = \{$", own, re.M))
    assert len(names) > 5
    for text in (monitoring, scaling):
        names |= set(re.findall(r'alarm_name\s+= "\$\{var\.name\}-([a-z0-9-]+)"', text))
    of_database = monitoring[monitoring.index('"aws_cloudwatch_metric_alarm" "database"') :]
    names |= {f"database-{name}" for name in re.findall(r"^    ([a-z]+) = \{$", of_database, re.M)}
    section = RUNBOOK[RUNBOOK.index("## What each alarm means") :].partition("\n## ")[0]
    assert {name for name in names if f"`{name}`" not in section} == set()


def test_the_variables_of_the_runbook_are_variables_of_the_stack() -> None:
    described = (TERRAFORM / "stack" / "variables.tf").read_text(encoding="utf-8")
    outputs = (TERRAFORM / "stack" / "outputs.tf").read_text(encoding="utf-8")
    known = set(re.findall(r'^variable "(\w+)"', described, re.M))
    known |= set(re.findall(r"^    (\w+)\s+= ", described, re.M))
    known |= set(re.findall(r'^output "(\w+)"', outputs, re.M))
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)(?: =[^`]*)?`", RUNBOOK))
    assert len(named) > 8
    assert named <= known | {"rule_json"}


def test_ecs_asks_for_health_as_the_image_does() -> None:
    image = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
    tasks = (TERRAFORM / "modules" / "service" / "main.tf").read_text(encoding="utf-8")
    (own,) = re.findall(r"HEALTHCHECK .*?CMD \[(.+?)\]\n", image, re.S)
    (theirs,) = re.findall(r'command += \["CMD", (.+)\]\n', tasks)
    assert own == theirs
