"""Plants faults in a copy of the files and sees that the check finds each."""

from collections.abc import Callable
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from deploy.terraform.check import gates
from deploy.terraform.check.schema import Schema

FAULTS = Path(__file__).with_name("faults.yaml")
_GATES: dict[str, Callable[[gates.Tree, Schema], list[str]]] = {
    "valid": gates.valid,
    "kept": lambda tree, schema: gates.kept(tree, schema, tree.environments[0]),
    "tested": gates.tested,
}


class Fault(BaseModel):
    """One fault: where it is planted, and who must say what of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    file: str
    find: str
    replace: str
    gate: str
    says: str


def missed(tree: gates.Tree, schema: Schema) -> list[str]:
    """The faults that the check does not find, or finds for another reason."""
    planted = [Fault.model_validate(entry) for entry in yaml.safe_load(FAULTS.read_text())]
    return [text for fault in planted if (text := _missed(tree, schema, fault))]


def _missed(tree: gates.Tree, schema: Schema, fault: Fault) -> str:
    path = tree.terraform / fault.file
    sound = path.read_text()
    if fault.find not in sound:
        return f"{fault.name}: “{fault.find}” is not in {fault.file}"
    path.write_text(sound.replace(fault.find, fault.replace))
    try:
        found = _GATES[fault.gate](tree, schema)
    finally:
        path.write_text(sound)
    if not any(fault.says in text for text in found):
        return f"{fault.name}: not found; said was {found or 'nothing'}"
    return ""
