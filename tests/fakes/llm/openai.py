"""OpenAI's chat completions, as the many compatible servers speak them too."""

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.fakes.llm.wire import (
    Call,
    Json,
    Reply,
    Tool,
    WireError,
    objects,
    schema_keywords,
    sent_pieces,
)

ROUTES = ("/v1/chat/completions",)

_FINISH = {"stop": "stop", "length": "length", "blocked": "content_filter", "refused": "stop"}
_REFUSED_KEYWORDS = {"minLength", "maxLength", "default", "allOf", "oneOf", "not"}


def read(request: Request, body: Json) -> Call:
    """Read a request, refusing what strict structured output refuses."""
    asked = (body.get("response_format") or {}).get("json_schema") or {}
    schema = asked.get("schema")
    if asked.get("strict"):
        _check_strict(schema)
    by_role: dict[str, list[str]] = {}
    for message in body["messages"]:
        by_role.setdefault(message["role"], []).append(_text(message["content"]))
    tools = tuple(
        Tool(t["function"]["name"], t["function"].get("parameters", {}))
        for t in body.get("tools", [])
    )
    return Call(
        provider="openai",
        model=body["model"],
        system="".join(by_role.get("system", []) + by_role.get("developer", [])),
        user="".join(by_role.get("user", [])),
        schema=schema,
        tools=tools,
        stream=bool(body.get("stream")),
        max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
        headers=dict(request.headers),
        body=body,
    )


def _check_strict(schema: Json | None) -> None:
    refused = _REFUSED_KEYWORDS.intersection(schema_keywords(schema))
    if refused:
        raise WireError(f"response_format: unsupported keywords {sorted(refused)}")
    for item in objects(schema):
        if item.get("additionalProperties") is not False:
            raise WireError("response_format: additionalProperties must be false")
        if set(item.get("required", [])) != set(item.get("properties", {})):
            raise WireError("response_format: every property must be required")


def error(reply: Reply) -> Response:
    """An error with the time to wait in a header."""
    headers = {} if reply.retry_after is None else {"retry-after": str(reply.retry_after)}
    kind = "rate_limit_error" if reply.status == 429 else "invalid_request_error"
    content = {"message": reply.error, "type": kind, "code": None, "param": None}
    return JSONResponse({"error": content}, reply.status, headers=headers)


def answer(call: Call, reply: Reply) -> Response:
    """The reply as one document or as server-sent events."""
    if call.stream:
        return StreamingResponse(_events(call, reply), media_type="text/event-stream")
    if reply.endless:
        return StreamingResponse(_endless(reply), media_type="application/json")
    message: Json = {"role": "assistant", "content": reply.text, "refusal": None}
    if reply.finish == "refused":
        message |= {"content": None, "refusal": reply.text}
    elif call.by_tool:
        message |= {"content": None, "tool_calls": [_tool_call(call, reply.text)]}
    choice = {"index": 0, "message": message, "finish_reason": _finish(call, reply)}
    usage = _usage(call, reply)
    return JSONResponse(_base(call, "chat.completion") | {"choices": [choice], "usage": usage})


async def _endless(reply: Reply) -> AsyncIterator[str]:
    yield '{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"'
    async for piece in sent_pieces(reply):
        yield json.dumps(piece)[1:-1]


async def _events(call: Call, reply: Reply) -> AsyncIterator[str]:
    def event(delta: Json, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = _base(call, "chat.completion.chunk") | {"choices": [choice]}
        return f"data: {json.dumps(chunk)}\n\n"

    yield event({"role": "assistant", "content": ""})
    first = True
    async for piece in sent_pieces(reply):
        if call.by_tool:
            part = _tool_call(call, piece, first=first) | {"index": 0}
            first = False
            yield event({"tool_calls": [part]})
        else:
            yield event({"refusal" if reply.finish == "refused" else "content": piece})
    yield event({}, _finish(call, reply))
    if (body_options := call.body.get("stream_options")) and body_options.get("include_usage"):
        last = _base(call, "chat.completion.chunk")
        yield f"data: {json.dumps(last | {'choices': [], 'usage': _usage(call, reply)})}\n\n"
    yield "data: [DONE]\n\n"


def _tool_call(call: Call, arguments: str, *, first: bool = True) -> Json:
    function: Json = {"arguments": arguments}
    if not first:
        return {"function": function}
    function["name"] = call.tools[0].name
    return {"id": "call_1", "type": "function", "function": function}


def _finish(call: Call, reply: Reply) -> str:
    return "tool_calls" if call.by_tool and reply.finish == "stop" else _FINISH[reply.finish]


def _base(call: Call, kind: str) -> Json:
    return {"id": "chatcmpl-fake", "object": kind, "created": 1, "model": call.model}


def _usage(call: Call, reply: Reply) -> Json:
    read_tokens, written = reply.usage(call)
    return {
        "prompt_tokens": read_tokens,
        "completion_tokens": written,
        "total_tokens": read_tokens + written,
        "prompt_tokens_details": {"cached_tokens": reply.cached_tokens},
    }


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content or [])
