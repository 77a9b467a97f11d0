"""Google's Gemini API, generateContent and streamGenerateContent."""

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.fakes.llm.wire import Call, Json, Reply, Tool, WireError, schema_keywords, sent_pieces

ROUTES = ("/v1beta/models/{rest:path}", "/v1/models/{rest:path}")

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
_KEYWORDS = {
    *("$defs", "$ref", "type", "format", "title", "description", "enum", "items"),
    *("minItems", "maxItems", "minimum", "maximum", "anyOf", "properties"),
    *("additionalProperties", "required"),
}


def read(request: Request, body: Json) -> Call:
    """Read a request, refusing what the API would refuse."""
    model, _, verb = request.path_params["rest"].rpartition(":")
    if not request.headers.get("x-goog-api-key"):
        raise WireError("API key missing.")
    config = body.get("generationConfig", {})
    schema = config.get("responseJsonSchema")
    unknown = set(schema_keywords(schema)) - _KEYWORDS
    if unknown:
        raise WireError(f"responseJsonSchema: unsupported keywords {sorted(unknown)}")
    if schema is not None and config.get("responseMimeType") != "application/json":
        raise WireError("responseJsonSchema needs responseMimeType application/json")
    contents = body["contents"]
    tools = tuple(
        Tool(f["name"], f.get("parametersJsonSchema") or f.get("parameters", {}))
        for tool in body.get("tools", [])
        for f in tool.get("functionDeclarations", [])
    )
    return Call(
        provider="gemini",
        model=model,
        system=_text(body.get("systemInstruction", {})),
        user="".join(_text(c) for c in contents if c.get("role", "user") == "user"),
        schema=schema,
        tools=tools,
        stream=verb == "streamGenerateContent",
        max_tokens=config.get("maxOutputTokens"),
        headers=dict(request.headers),
        body=body,
    )


def error(reply: Reply) -> Response:
    """An error as the API words it; the time to wait stands in the details."""
    details: list[Json] = []
    if reply.retry_after is not None:
        kind = "type.googleapis.com/google.rpc.RetryInfo"
        details.append({"@type": kind, "retryDelay": f"{reply.retry_after}s"})
    status = _STATUS.get(reply.status, "INTERNAL")
    content = {"code": reply.status, "message": reply.error, "status": status, "details": details}
    return JSONResponse({"error": content}, reply.status)


def answer(call: Call, reply: Reply) -> Response:
    """The reply as one document or as server-sent events."""
    if call.stream:
        return StreamingResponse(_events(call, reply), media_type="text/event-stream")
    if reply.finish == "blocked":
        return JSONResponse(_blocked(call, reply))
    if reply.endless:
        return StreamingResponse(_endless(call, reply), media_type="application/json")
    return JSONResponse(_document(call, reply, reply.text, last=True))


async def _events(call: Call, reply: Reply) -> AsyncIterator[str]:
    if reply.finish == "blocked":
        yield f"data: {json.dumps(_blocked(call, reply))}\r\n\r\n"
        return
    async for piece in sent_pieces(reply):
        yield f"data: {json.dumps(_document(call, reply, piece, last=False))}\r\n\r\n"
    yield f"data: {json.dumps(_document(call, reply, '', last=True))}\r\n\r\n"


async def _endless(call: Call, reply: Reply) -> AsyncIterator[str]:
    yield '{"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"'
    async for piece in sent_pieces(reply):
        yield json.dumps(piece)[1:-1]


def _document(call: Call, reply: Reply, text: str, *, last: bool) -> Json:
    part: Json = {"text": text}
    if call.by_tool:
        args = json.loads(reply.text)
        part = {"functionCall": {"name": call.tools[0].name, "args": args, "id": "call_1"}}
    candidate: Json = {"index": 0, "content": {"role": "model", "parts": [part]}}
    if last:
        candidate["finishReason"] = {
            "length": "MAX_TOKENS",
            "refused": "PROHIBITED_CONTENT",
        }.get(reply.finish, "STOP")
    return {"candidates": [candidate], **_tail(call, reply)}


def _blocked(call: Call, reply: Reply) -> Json:
    return {"promptFeedback": {"blockReason": "SAFETY"}, **_tail(call, reply)}


def _tail(call: Call, reply: Reply) -> Json:
    read_tokens, written = reply.usage(call)
    usage = {
        "promptTokenCount": read_tokens,
        "candidatesTokenCount": written,
        "totalTokenCount": read_tokens + written,
    }
    if reply.cached_tokens:
        usage["cachedContentTokenCount"] = reply.cached_tokens
    return {"usageMetadata": usage, "modelVersion": call.model, "responseId": "fake"}


def _text(content: Json) -> str:
    return "".join(part.get("text", "") for part in content.get("parts", []))
