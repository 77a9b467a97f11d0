"""Amazon Bedrock's Converse and ConverseStream, the event stream framing included."""

import json
import struct
import zlib
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.fakes.llm.wire import (
    Call,
    Cut,
    Json,
    Reply,
    Tool,
    WireError,
    objects,
    schema_keywords,
    sent_pieces,
)

ROUTES = ("/model/{model:path}/converse", "/model/{model:path}/converse-stream")

_ERRORS = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    429: "ThrottlingException",
    503: "ServiceUnavailableException",
}
_STOP = {
    "stop": "end_turn",
    "length": "max_tokens",
    "blocked": "content_filtered",
    "refused": "refusal",
}
# What the models behind Converse refuse in a schema for native structured output.
_REFUSED_KEYWORDS = {"minLength", "maxLength", "minimum", "maximum", "maxItems", "pattern"}


def read(request: Request, body: Json) -> Call:
    """Read a request, refusing what the API would refuse."""
    if not request.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256"):
        raise WireError("The request is not signed.")
    schema = None
    if text_format := body.get("outputConfig", {}).get("textFormat"):
        schema = json.loads(text_format["structure"]["jsonSchema"]["schema"])
        refused = _REFUSED_KEYWORDS.intersection(schema_keywords(schema))
        if refused:
            raise WireError(f"outputConfig: unsupported keywords {sorted(refused)}")
        if any(o.get("additionalProperties") is not False for o in objects(schema)):
            raise WireError("outputConfig: additionalProperties must be false")
    tools = tuple(
        Tool(t["toolSpec"]["name"], t["toolSpec"]["inputSchema"]["json"])
        for t in body.get("toolConfig", {}).get("tools", [])
        if "toolSpec" in t
    )
    users = [m for m in body["messages"] if m["role"] == "user"]
    return Call(
        provider="bedrock",
        model=request.path_params["model"],
        system="".join(part.get("text", "") for part in body.get("system", [])),
        user="".join(part.get("text", "") for m in users for part in m["content"]),
        schema=schema,
        tools=tools,
        stream=request.url.path.endswith("-stream"),
        max_tokens=body.get("inferenceConfig", {}).get("maxTokens"),
        headers=dict(request.headers),
        body=body,
    )


def error(reply: Reply) -> Response:
    """An error with AWS's type header."""
    name = _ERRORS.get(reply.status, "InternalServerException")
    headers = {"x-amzn-errortype": name}
    if reply.retry_after is not None:
        headers["retry-after"] = str(reply.retry_after)
    return JSONResponse({"message": reply.error}, reply.status, headers=headers)


def answer(call: Call, reply: Reply) -> Response:
    """The reply as one document or as an event stream."""
    if call.stream:
        kind = "application/vnd.amazon.eventstream"
        return StreamingResponse(_events(call, reply), media_type=kind)
    if reply.endless:
        return StreamingResponse(_endless(reply), media_type="application/json")
    content: Json = {"text": reply.text}
    if call.by_tool:
        arguments = json.loads(reply.text)
        content = {"toolUse": _tool_start(call) | {"input": arguments}}
    return JSONResponse(
        {
            "output": {"message": {"role": "assistant", "content": [content]}},
            "stopReason": _stop(call, reply),
            "usage": _usage(call, reply),
            "metrics": {"latencyMs": 5},
        }
    )


async def _endless(reply: Reply) -> AsyncIterator[str]:
    yield '{"output":{"message":{"role":"assistant","content":[{"text":"'
    async for piece in sent_pieces(reply):
        yield json.dumps(piece)[1:-1]


async def _events(call: Call, reply: Reply) -> AsyncIterator[bytes]:
    yield frame("messageStart", {"role": "assistant"})
    if call.by_tool:
        start = {"contentBlockIndex": 0, "start": {"toolUse": _tool_start(call)}}
        yield frame("contentBlockStart", start)
    try:
        async for piece in sent_pieces(reply):
            delta = {"toolUse": {"input": piece}} if call.by_tool else {"text": piece}
            yield frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": delta})
    except Cut:
        yield frame("modelStreamErrorException", {"message": "cut"}, exception=True)
        return
    yield frame("contentBlockStop", {"contentBlockIndex": 0})
    yield frame("messageStop", {"stopReason": _stop(call, reply)})
    yield frame("metadata", {"usage": _usage(call, reply), "metrics": {"latencyMs": 5}})


def frame(event: str, payload: Json, *, exception: bool = False) -> bytes:
    """One message of AWS's event stream encoding: prelude, headers, payload, two CRCs."""
    kind = "exception" if exception else "event"
    headers = b"".join(
        struct.pack(">B", len(name)) + name + struct.pack(">BH", 7, len(value)) + value
        for name, value in (
            (f":{kind}-type".encode(), event.encode()),
            (b":content-type", b"application/json"),
            (b":message-type", kind.encode()),
        )
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))


def _tool_start(call: Call) -> Json:
    return {"toolUseId": "tooluse_1", "name": call.tools[0].name}


def _stop(call: Call, reply: Reply) -> str:
    return "tool_use" if call.by_tool and reply.finish == "stop" else _STOP[reply.finish]


def _usage(call: Call, reply: Reply) -> Json:
    read_tokens, written = reply.usage(call)
    usage = {
        "inputTokens": read_tokens - reply.cached_tokens,
        "outputTokens": written,
        "totalTokens": read_tokens + written,
    }
    if reply.cached_tokens:
        usage |= {"cacheReadInputTokens": reply.cached_tokens, "cacheWriteInputTokens": 0}
    return usage
