"""LangSmith's API over HTTP: keeps the runs and feedback it is sent, and all bytes for a look."""

import json
import re
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

PROJECT_ID = "11111111-1111-4111-8111-111111111111"


class FakeLangSmith:
    """`failing` answers every ingest with that status.

    With `forgetful` it takes a new feedback and fails all the same, as a connection that breaks.
    """

    def __init__(self, failing: int = 0) -> None:
        self.failing = failing
        self.forgetful = False
        self.feedback: dict[str, dict[str, Any]] = {}
        self.runs: dict[str, dict[str, Any]] = {}
        self.datasets: dict[str, dict[str, Any]] = {}
        self.examples: dict[str, dict[str, Any]] = {}
        self.experiments: dict[str, dict[str, Any]] = {}
        self.paths: list[str] = []
        self.captured = b""
        methods = ["GET", "POST", "PATCH", "DELETE"]
        self.app = Starlette(routes=[Route("/{path:path}", self._handle, methods=methods)])

    @property
    def roots(self) -> list[dict[str, Any]]:
        """Runs without a parent."""
        return [run for run in self.runs.values() if not run.get("parent_run_id")]

    async def _handle(self, request: Request) -> JSONResponse:
        path, body = request.url.path, await request.body()
        self.paths.append(path)
        self.captured += body
        if path == "/info":
            batch = {
                "use_multipart_endpoint": True,
                "size_limit": 100,
                "size_limit_bytes": 10**7,
                "scale_up_nthreads_limit": 1,
                "scale_up_qsize_trigger": 1000,
                "scale_down_nempty_trigger": 4,
            }
            flags = {"zstd_compression_enabled": False}
            info = {"version": "0", "instance_flags": flags, "batch_ingest_config": batch}
            return JSONResponse(info)
        if self.failing:
            return JSONResponse({"detail": "down"}, self.failing)
        if path == "/runs/multipart":
            for name, data in _parts(body, request.headers["content-type"]):
                self._keep(name, data)
            return JSONResponse({}, 202)
        if path in ("/datasets", "/examples") or (path, request.method) == ("/sessions", "POST"):
            return self._evaluations(request, json.loads(body) if body else {})
        if path == "/runs" and request.method == "POST":
            sent = json.loads(body)
            self.runs[sent["id"]] = sent
            return JSONResponse({}, 202)
        if path == "/sessions":
            return JSONResponse([_project(request.query_params["name"])])
        if path.startswith("/feedback"):
            return self._feedback(request.method, path.removeprefix("/feedback").strip("/"), body)
        return JSONResponse({"detail": "not here"}, 404)

    def _evaluations(self, request: Request, sent: dict[str, Any]) -> JSONResponse:
        """Datasets, their examples, and the projects that are experiments on them."""
        now = "2026-01-01T00:00:00Z"
        if request.method == "GET":
            asked = request.query_params
            if request.url.path == "/datasets":
                return JSONResponse(
                    [d for d in self.datasets.values() if d["name"] == asked["name"]]
                )
            first = asked.get("offset", "0") == "0"
            held = [e for e in self.examples.values() if e["dataset_id"] == asked["dataset"]]
            return JSONResponse(held if first else [])
        if request.url.path == "/datasets":
            made = {"id": str(uuid.uuid4()), "name": sent["name"], "created_at": now}
            self.datasets[made["id"]] = made
        elif request.url.path == "/examples":
            if sent["id"] in self.examples:
                return JSONResponse({"detail": "is there"}, 409)
            made = {**sent, "created_at": now, "modified_at": now, "runs": []}
            self.examples[sent["id"]] = made
        else:
            if any(held["name"] == sent["name"] for held in self.experiments.values()):
                return JSONResponse({"detail": "is there"}, 409)
            made = {**_project(sent["name"]), **sent}
            self.experiments[sent["id"]] = made
        return JSONResponse(made)

    def _feedback(self, method: str, feedback_id: str, body: bytes) -> JSONResponse:
        sent = json.loads(body) if body else {}
        if method == "POST":
            known = sent["id"] in self.feedback
            self.feedback.setdefault(sent["id"], sent)
            return JSONResponse(sent, 409 if known else 500 if self.forgetful else 200)
        if feedback_id not in self.feedback:
            return JSONResponse({"detail": "not here"}, 404)
        if method == "PATCH":
            self.feedback[feedback_id].update(sent)
        else:
            del self.feedback[feedback_id]
        return JSONResponse({})

    def _keep(self, name: str, data: bytes) -> None:
        kind, run_id, *field = name.split(".")
        if kind not in ("post", "patch"):
            return
        run, value = self.runs.setdefault(run_id, {}), json.loads(data)
        if field:
            run[field[0]] = value
        else:
            run.update({key: item for key, item in value.items() if item is not None})


def _project(name: str) -> dict[str, Any]:
    return {
        "id": PROJECT_ID,
        "tenant_id": "22222222-2222-4222-8222-222222222222",
        "name": name,
        "start_time": "2026-01-01T00:00:00Z",
        "reference_dataset_id": None,
    }


def _parts(body: bytes, content_type: str) -> list[tuple[str, bytes]]:
    found = re.search(r'boundary="?([^";]+)', content_type)
    assert found is not None, content_type
    parts = []
    for part in body.split(b"--" + found[1].encode())[1:-1]:
        head, _, data = part.lstrip(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]*)"', head)
        assert name is not None, head
        parts.append((name[1].decode(), data.removesuffix(b"\r\n")))
    return parts
