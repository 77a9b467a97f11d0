"""The gates of `make infra-check`, each alone. A gate gives what it found wrong."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.terraform.check.planned import planned
from deploy.terraform.check.priced import unlike
from deploy.terraform.check.provider import serving
from deploy.terraform.check.rules import broken
from deploy.terraform.check.schema import Schema, read_schema

_TYPE = re.compile(r'^(?:resource|data) "(\w+)"', re.M)
_LOCAL_STATE = 'terraform {\n  backend "local" {}\n}\n'
_SKIPPED = shutil.ignore_patterns(".terraform*", "__pycache__", "*.tfvars.json", "terraform.tfvars")


@dataclass(frozen=True)
class Tree:
    """A copy of what is checked, so that nothing is written beside the source."""

    root: Path

    @classmethod
    def copied(cls, repository: Path, root: Path) -> "Tree":
        """The Terraform files and the catalogue of metrics, where they name each other."""
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(
            repository / "deploy" / "terraform", root / "deploy" / "terraform", ignore=_SKIPPED
        )
        (root / "agent").mkdir()
        shutil.copy(repository / "agent" / "metrics.yaml", root / "agent" / "metrics.yaml")
        tree = cls(root)
        for environment in tree.environments:
            # The state of an environment is in S3, which a check has no way to.
            (tree.terraform / environment / "backend_override.tf").write_text(_LOCAL_STATE)
        return tree

    @property
    def terraform(self) -> Path:
        """The folder of the Terraform files."""
        return self.root / "deploy" / "terraform"

    @property
    def environments(self) -> list[str]:
        """The environments, as folders."""
        return sorted(f"envs/{path.name}" for path in (self.terraform / "envs").iterdir())

    @property
    def tested(self) -> list[str]:
        """The folders that have tests of Terraform's own."""
        found = {path.parent.parent for path in self.terraform.rglob("tests/*.tftest.hcl")}
        return sorted(str(path.relative_to(self.terraform)) for path in found)

    def schema(self) -> Schema:
        """The schema of every type the files name."""
        texts = (path.read_text() for path in self.terraform.rglob("*.tf"))
        return read_schema({name for text in texts for name in _TYPE.findall(text)})

    def catalogue(self) -> dict[str, Any]:
        """The agent's metrics."""
        loaded: dict[str, Any] = yaml.safe_load((self.root / "agent" / "metrics.yaml").read_text())
        return loaded


class Terraform:
    """The real terraform with the schema for a provider."""

    def __init__(self, tree: Tree, environment: dict[str, str]) -> None:
        self._tree = tree
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TF_")},
            **environment,
            "TF_IN_AUTOMATION": "1",
        }

    def run(self, folder: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one command in a folder of the tree."""
        return subprocess.run(  # noqa: S603
            ["terraform", *command],  # noqa: S607
            cwd=self._tree.terraform / folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def wrong(self, folder: str, *command: str) -> list[str]:
        """What one command complains of."""
        ran = self.run(folder, *command)
        return [] if ran.returncode == 0 else [f"{folder}: {(ran.stdout + ran.stderr).strip()}"]


@contextmanager
def terraform_for(tree: Tree, schema: Schema, *, settled: bool = False) -> Iterator[Terraform]:
    """Terraform, as long as the provider is served."""
    with serving(schema, settled=settled) as environment:
        yield Terraform(tree, environment)


def formatted(tree: Tree) -> list[str]:
    """Every file is as `terraform fmt` writes it."""
    return Terraform(tree, {}).wrong(".", "fmt", "-check", "-recursive", "-no-color")


def valid(tree: Tree, schema: Schema) -> list[str]:
    """Every argument, block and type is one the provider knows."""
    with terraform_for(tree, schema) as terraform:
        return [
            text
            for folder in tree.environments
            for command in (("init", "-input=false", "-no-color"), ("validate", "-no-color"))
            for text in terraform.wrong(folder, *command)
        ]


def tested(tree: Tree, schema: Schema) -> list[str]:
    """The modules' own tests pass, with a mock of the provider."""
    with terraform_for(tree, schema) as terraform:
        return [
            text
            for folder in tree.tested
            for command in (("init", "-backend=false", "-no-color"), ("test", "-no-color"))
            for text in terraform.wrong(folder, *command)
        ]


def plan(tree: Tree, schema: Schema, environment: str, *, settled: bool) -> dict[str, Any]:
    """One environment's plan with its example values. Raises RuntimeError: what is wrong."""
    with terraform_for(tree, schema, settled=settled) as terraform:
        for command in (
            ("init", "-input=false", "-no-color"),
            ("plan", "-input=false", "-no-color", "-var-file=example.tfvars", "-out=plan"),
        ):
            if wrong := terraform.wrong(environment, *command):
                raise RuntimeError(wrong[0])
        shown = terraform.run(environment, "show", "-json", "plan")
        result: dict[str, Any] = json.loads(shown.stdout)
        return result


def plans(tree: Tree, schema: Schema) -> list[str]:
    """Every environment can be planned, with what AWS computes unknown, and keeps the rules."""
    found = []
    for environment in tree.environments:
        try:
            plan(tree, schema, environment, settled=False)
        except RuntimeError as error:
            found.append(str(error))
        else:
            found += kept(tree, schema, environment)
    return found


def kept(tree: Tree, schema: Schema, environment: str) -> list[str]:
    """What one environment plans keeps the rules, and costs what is reckoned with.

    Every policy in it can be read.
    """
    try:
        readable = plan(tree, schema, environment, settled=True)
    except RuntimeError as error:
        return [str(error)]
    resources = planned(readable)
    found = [*broken(resources, tree.catalogue()), *unlike(resources, environment)]
    return [f"{environment}: {text}" for text in found]


def scanned(repository: Path) -> list[str]:
    """checkov finds nothing but what .checkov.yaml leaves out, each with its reason."""
    folder = repository / "deploy" / "terraform"
    return _complaint(
        *("checkov", "--directory", str(folder), "--config-file", str(folder / ".checkov.yaml"))
    )


def linted(repository: Path) -> list[str]:
    """hadolint finds nothing in the Dockerfile."""
    return _complaint("hadolint", str(repository / "Dockerfile"))


def workflows(repository: Path) -> list[str]:
    """The workflows and the compose file keep to their schemas."""
    github = repository / ".github"
    files = {
        "github-workflows": sorted((github / "workflows").glob("*.yml")),
        "dependabot": [github / "dependabot.yml"],
        "compose-spec": [repository / "compose.yaml"],
    }
    return [
        text
        for schema, checked in files.items()
        for text in _complaint(
            "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, checked)
        )
    ]


def _complaint(tool: str, *arguments: str) -> list[str]:
    # The tools stand beside the interpreter of their own environment.
    path = shutil.which(tool, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if path is None:
        return [f"{tool} is not installed: run it by `make infra-check`"]
    ran = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    return [] if ran.returncode == 0 else [(ran.stdout + ran.stderr).strip()]
