"""The JSON schema a provider is sent: only keywords it accepts.

Bounds on length hold where the reply is read. On the wire only lists are bounded, and only for
providers that take it: Bedrock's models refuse the keyword, and Gemini refuses nested bounded
lists as having too many states.
"""

from typing import Any

from pydantic import BaseModel

from agent.models.spec import Provider

_KEPT = {"type", "enum", "description", "required", "additionalProperties"}
_BOUNDS_LISTS: set[Provider] = {"openai", "ollama"}


def wire_schema(shape: type[BaseModel], provider: Provider) -> dict[str, Any]:
    """The schema of `shape`, references resolved, every property required, nothing extra."""
    schema = shape.model_json_schema()
    kept = _KEPT | ({"maxItems"} if provider in _BOUNDS_LISTS else set())
    reduced = _reduce(schema, schema.get("$defs", {}), kept)
    reduced["title"] = shape.__name__
    reduced["description"] = (shape.__doc__ or shape.__name__).strip()
    return reduced


def _reduce(node: dict[str, Any], defs: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    if "$ref" in node:
        target = defs[str(node["$ref"]).rsplit("/", 1)[-1]]
        return _reduce({**target, **{k: v for k, v in node.items() if k != "$ref"}}, defs, kept)
    reduced = {key: value for key, value in node.items() if key in kept}
    if "const" in node:
        reduced["enum"] = [node["const"]]
    if "anyOf" in node:
        reduced["anyOf"] = [_reduce(part, defs, kept) for part in node["anyOf"]]
    if "items" in node:
        reduced["items"] = _reduce(node["items"], defs, kept)
    if "properties" in node:
        properties = node["properties"]
        reduced["properties"] = {k: _reduce(v, defs, kept) for k, v in properties.items()}
        reduced["required"] = list(properties)
        reduced["additionalProperties"] = False
    return reduced
