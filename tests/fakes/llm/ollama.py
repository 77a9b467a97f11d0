"""Ollama's own chat API, newline-delimited JSON."""

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.fakes.llm.wire import Call, Json, Reply, sent_pieces

ROUTES = ("/api/chat",)


def read(request: Request, body: Json) -> Call:
    """Read a request. `stream` is true unless it says otherwise."""
    wanted = body.get("format")
    messages = body["messages"]
    return Call(
        provider="ollama",
        model=body["model"],
        system="".join(m["content"] for m in messages if m["role"] == "system"),
        user="".join(m["content"] for m in messages if m["role"] == "user"),
        schema=wanted if isinstance(wanted, dict) else None,
        tools=(),
        stream=body.get("stream", True),
        max_tokens=body.get("options", {}).get("num_predict"),
        headers=dict(request.headers),
        body=body,
    )


def error(reply: Reply) -> Response:
    """An error; a proxy in front of the server may say how long to wait."""
    headers = {} if reply.retry_after is None else {"retry-after": str(reply.retry_after)}
    return JSONResponse({"error": reply.error}, reply.status, headers=headers)


def answer(call: Call, reply: Reply) -> Response:
    """The reply as one document or line by line."""
    if call.stream:
        return StreamingResponse(_lines(call, reply), media_type="application/x-ndjson")
    return JSONResponse(_line(call, reply.text) | _end(call, reply))


async def _lines(call: Call, reply: Reply) -> AsyncIterator[str]:
    async for piece in sent_pieces(reply):
        yield json.dumps(_line(call, piece) | {"done": False}) + "\n"
    yield json.dumps(_line(call, "") | _end(call, reply)) + "\n"


def _line(call: Call, text: str) -> Json:
    message = {"role": "assistant", "content": text}
    return {"model": call.model, "created_at": "2026-01-01T00:00:00Z", "message": message}


def _end(call: Call, reply: Reply) -> Json:
    read_tokens, written = reply.usage(call)
    return {
        "done": True,
        "done_reason": "length" if reply.finish == "length" else "stop",
        "prompt_eval_count": read_tokens,
        "eval_count": written,
        "total_duration": 1,
        "load_duration": 1,
        "prompt_eval_duration": 1,
        "eval_duration": 1,
    }
