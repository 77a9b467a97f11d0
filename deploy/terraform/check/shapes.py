"""Compares texts in a plan with AWS's own interfaces, as botocore describes them.

The provider's schema knows a policy, a firewall's rules and a container only as text. Here each is
held against the operation it becomes: unknown and missing members, types, enumerations, and the
names of permissions. Nothing is sent.
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import yaml
from botocore.model import Shape, StructureShape
from botocore.validate import ParamValidator

from deploy.terraform.check.planned import Resource, actions

_TABLE = yaml.safe_load(Path(__file__).with_name("shapes.yaml").read_text())
_SESSION = botocore.session.Session()


def misshapen(resources: list[Resource]) -> Iterator[str]:
    """What AWS would not understand, with the resource it is in."""
    for resource in resources:
        for entry in _of(resource, "json"):
            shape = _shape(*entry["shape"])
            yield from _wrong(resource, json.loads(resource.values[entry["attribute"]]), shape)
        for entry in _of(resource, "enums"):
            shape = _shape(*entry["shape"])
            for text in _unlisted(resource.values[entry["attribute"]], shape, entry["attribute"]):
                yield f"{resource.address}: {text}"
        for action in actions(resource):
            if not _is_permission(action):
                yield f"{resource.address} names {action}, which AWS does not know"


def _of(resource: Resource, kind: str) -> list[dict[str, Any]]:
    return [
        entry
        for entry in _TABLE[kind]
        if entry["type"] == resource.type and resource.values.get(entry["attribute"])
    ]


def _wrong(resource: Resource, value: Any, shape: Shape) -> Iterator[str]:
    # The validator begins at a structure; this may be a list.
    whole = StructureShape("whole", {"type": "structure"})
    whole.members = {shape.name: shape}
    report = ParamValidator().validate({shape.name: value}, whole)
    if report.has_errors():
        yield f"{resource.address}: {report.generate_report()}"
    for text in _unlisted(value, shape, shape.name):
        yield f"{resource.address}: {text}"


def _unlisted(value: Any, shape: Shape, place: str) -> Iterator[str]:
    """Words that are none of an enumeration's, however deep; botocore leaves that to AWS."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, inner in value.items():
            if name in shape.members:
                yield from _unlisted(inner, shape.members[name], f"{place}.{name}")
    elif shape.type_name == "list" and isinstance(value, list):
        for inner in value:
            yield from _unlisted(inner, shape.member, f"{place}[]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{place} is {value}, none of {', '.join(shape.enum)}"


@cache
def _shape(service: str, operation: str, *members: str) -> Shape:
    shape = _SESSION.get_service_model(service).operation_model(operation).input_shape
    for member in members:
        shape = shape.members[member]
    return shape


def _is_permission(action: str) -> bool:
    service, _, name = action.partition(":")
    known = _operations(service) | {
        one.partition(":")[2] for one in _TABLE["permissions"] if one.startswith(f"{service}:")
    }
    return any(fnmatchcase(one, name) for one in known)


@cache
def _operations(service: str) -> frozenset[str]:
    """The operations behind a prefix of permissions; Bedrock's stand in two interfaces."""
    there = {service, f"{service}-runtime"} & set(_SESSION.get_available_services())
    return frozenset(
        name for one in there for name in _SESSION.get_service_model(one).operation_names
    )
