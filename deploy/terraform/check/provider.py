"""A provider that knows the AWS provider's schema and nothing else, over Terraform's own protocol.

Terraform checks every argument, block and type against it, and plans: what is configured is what
will be, what AWS computes is unknown. It never speaks to AWS and stores nothing.
Source: Terraform's plugin protocol 6 (tfplugin6.proto), as generated in the package `tf`.
"""

import json
import os
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
import msgpack
from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

from deploy.terraform.check.schema import Attribute, Block, Schema

_ADDRESS = "registry.terraform.io/hashicorp/aws"
_UNKNOWN = msgpack.ExtType(0, b"\x00")
_NESTINGS = {"SINGLE": 1, "LIST": 2, "SET": 3, "MAP": 4}
_PROVIDER_ARGUMENTS = {"region": "string", "profile": "string", "allowed_account_ids": ["set", "string"]}


@contextmanager
def serving(schema: Schema, *, settled: bool = False) -> Iterator[dict[str, str]]:
    """Serve the schema on a free port; gives the environment in which terraform uses it.

    `settled` plans made-up values for what AWS computes, so that a plan shows whole policies; else
    they are unknown, as in a real plan.
    """
    server = grpc.server(
        futures.ThreadPoolExecutor(8),
        options=[("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)],
    )
    rpc.add_ProviderServicer_to_server(_Provider(schema, settled=settled), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    attached = {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": os.getpid(),
        "Test": True,
        "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
    }
    try:
        yield {"TF_REATTACH_PROVIDERS": json.dumps({_ADDRESS: attached}), "CHECKPOINT_DISABLE": "1"}
    finally:
        server.stop(grace=None).wait()


class _Provider(rpc.ProviderServicer):  # type: ignore[misc]
    """The calls terraform makes for validate, test and plan. Their names are the protocol's."""

    def __init__(self, schema: Schema, *, settled: bool) -> None:
        self._schema = schema
        self._settled = settled
        self._told = pb.GetProviderSchema.Response(
            provider=pb.Schema(block=_provider_block()),
            resource_schemas={name: _message(block) for name, block in schema["resource"].items()},
            data_source_schemas={name: _message(block) for name, block in schema["data"].items()},
        )

    def GetProviderSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._told

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ConfigureProvider.Response()

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.UpgradeResourceState.Response(
            upgraded_state=pb.DynamicValue(json=request.raw_state.json)
        )

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ReadResource.Response(new_state=request.current_state)

    def PlanResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        planned, prior = _value(request.proposed_new_state), _value(request.prior_state)
        if planned is not None:
            attributes = self._schema["resource"][request.type_name]["attributes"]
            for name in _open(attributes, planned):
                new = _made_up(name, attributes[name]["type"]) if self._settled else _UNKNOWN
                planned[name] = new if prior is None else prior.get(name, new)
        return pb.PlanResourceChange.Response(planned_state=_wire(planned))

    def ReadDataSource(self, request: Any, context: Any) -> Any:  # noqa: N802
        found = _value(request.config)
        attributes = self._schema["data"][request.type_name]["attributes"]
        for name in _open(attributes, found):
            found[name] = _made_up(name, attributes[name]["type"])
        return pb.ReadDataSource.Response(state=_wire(found))

    def StopProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.StopProvider.Response()


def _open(attributes: dict[str, Attribute], values: dict[str, Any]) -> list[str]:
    """The names of the attributes that AWS would fill in."""
    return [n for n, found in attributes.items() if found["computed"] and values.get(n) is None]


def _made_up(name: str, kind: Any) -> Any:
    """A value as a data source might give it: recognisably invented, of the right type."""
    if kind == "dynamic":
        return None
    if kind == "number":
        return 1
    if kind == "bool":
        return False
    if isinstance(kind, list):
        if name == "names":
            return [f"zone-{letter}" for letter in "abc"]
        if isinstance(kind[1], list):
            return [{field: _made_up(field, inner) for field, inner in kind[1][1].items()}]
        return {} if kind[0] == "map" else []
    if name == "account_id":
        return "123456789012"
    if name == "arn" or name.endswith("_arn"):
        return f"arn:aws:invented:eu-central-1:123456789012:{name}"
    return f"invented-{name}"


def _message(block: Block) -> Any:
    return pb.Schema(version=0, block=_block(block))


def _block(block: Block) -> Any:
    message = pb.Schema.Block()
    for name, found in block["attributes"].items():
        message.attributes.append(
            pb.Schema.Attribute(
                name=name,
                type=json.dumps(found["type"]).encode(),
                required=found["required"],
                optional=found["optional"],
                computed=found["computed"],
            )
        )
    for name, nested in block["blocks"].items():
        # Terraform takes no set or map of blocks in which a type is open.
        nesting = "LIST" if _has_open_type(nested["block"]) else nested["nesting"]
        least = 1 if nested["required"] and nesting in {"LIST", "SET"} else 0
        message.block_types.append(
            pb.Schema.NestedBlock(
                type_name=name,
                block=_block(nested["block"]),
                nesting=_NESTINGS[nesting],
                min_items=least,
            )
        )
    return message


def _has_open_type(block: Block) -> bool:
    return any("dynamic" in json.dumps(a["type"]) for a in block["attributes"].values()) or any(
        _has_open_type(nested["block"]) for nested in block["blocks"].values()
    )


def _provider_block() -> Any:
    tags = pb.Schema.Block(
        attributes=[pb.Schema.Attribute(name="tags", type=b'["map","string"]', optional=True)]
    )
    return pb.Schema.Block(
        attributes=[
            pb.Schema.Attribute(name=name, type=json.dumps(kind).encode(), optional=True)
            for name, kind in _PROVIDER_ARGUMENTS.items()
        ],
        block_types=[
            pb.Schema.NestedBlock(type_name="default_tags", nesting=_NESTINGS["LIST"], block=tags)
        ],
    )


def _value(wire: Any) -> Any:
    if wire.msgpack:
        return msgpack.unpackb(wire.msgpack, raw=False, strict_map_key=False)
    return json.loads(wire.json) if wire.json else None


def _wire(value: Any) -> Any:
    return pb.DynamicValue(msgpack=msgpack.packb(value))
