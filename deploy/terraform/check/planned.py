"""What a plan says will be there, and what its policies allow."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_POLICIES = ("policy", "assume_role_policy")


@dataclass(frozen=True)
class Resource:
    """One planned resource."""

    address: str
    type: str
    values: dict[str, Any]


def planned(plan: dict[str, Any]) -> list[Resource]:
    """All resources of a plan as `terraform show -json` tells it."""
    return list(_within(plan["planned_values"]["root_module"]))


def _within(module: dict[str, Any]) -> Iterator[Resource]:
    for found in module.get("resources", []):
        if found["mode"] == "managed":
            yield Resource(found["address"], found["type"], found["values"])
    for child in module.get("child_modules", []):
        yield from _within(child)


def statements(resource: Resource) -> Iterator[dict[str, Any]]:
    """The statements of the resource's policies, as far as they can be read."""
    for name in _POLICIES:
        text = resource.values.get(name)
        if isinstance(text, str) and text.startswith("{"):
            yield from json.loads(text).get("Statement", [])


def actions(resource: Resource) -> Iterator[str]:
    """Every permission that the resource's policies name, given or refused."""
    for statement in statements(resource):
        yield from listed(statement["Action"])


def listed(value: str | list[str]) -> list[str]:
    """A policy writes one thing as a text and several as a list."""
    return [value] if isinstance(value, str) else value
