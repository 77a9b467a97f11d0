"""Metrics as lines of CloudWatch's embedded metric format: JSON on stdout, gathered for a while.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from agent.metrics_catalogue import ENVIRONMENT, Catalogue, Metric

MOST_VALUES = 100
"""Values of one metric a line may carry, by the specification."""
GATHER_SECONDS = 60.0
"""CloudWatch keeps a value a minute; more lines would tell no more."""

_Key = tuple[tuple[str, str], ...]


@dataclass
class _Gathered:
    """What was recorded with the same dimensions since the last lines."""

    sums: dict[Metric, float] = field(default_factory=dict)
    values: dict[Metric, list[float]] = field(default_factory=dict)


class EmfWriter:
    """Gathers what is recorded and writes it as few lines; safe to call from any thread."""

    def __init__(
        self, catalogue: Catalogue, environment: str, write: Callable[[str], object]
    ) -> None:
        """`write` gets each line, its end included."""
        self._catalogue = catalogue
        self._environment = environment
        self._write = write
        self._lock = threading.Lock()
        self._gathered: dict[_Key, _Gathered] = {}
        self._timer: threading.Timer | None = None

    def record(
        self, metric: Metric, value: float, dimensions: Mapping[str, str], ids: Mapping[str, str]
    ) -> None:
        """Keep a value for the next lines; one with ids is written at once, on its own line."""
        if ids:
            line = self._line(dict(dimensions), {metric: value}, ids)
            with self._lock:
                self._write(line)
            return
        with self._lock:
            key = tuple(sorted(dimensions.items()))
            gathered = self._gathered.setdefault(key, _Gathered())
            if metric.kind == "count":
                gathered.sums[metric] = gathered.sums.get(metric, 0) + value
            elif metric.kind == "gauge":
                gathered.sums[metric] = value
            else:
                gathered.values.setdefault(metric, []).append(_short(value))
            if self._timer is None:
                self._timer = threading.Timer(GATHER_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what was gathered."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            gathered, self._gathered, self._timer = self._gathered, {}, None
            for key, found in gathered.items():
                for metrics in _portions(found):
                    self._write(self._line(dict(key), metrics, {}))

    def _line(
        self,
        dimensions: dict[str, str],
        metrics: Mapping[Metric, float | list[float]],
        ids: Mapping[str, str],
    ) -> str:
        sets = [[ENVIRONMENT]]
        if dimensions:
            sets.append([ENVIRONMENT, *dimensions])
        directive = {
            "Namespace": self._catalogue.namespace,
            "Dimensions": sets,
            "Metrics": [{"Name": metric.name, "Unit": metric.unit} for metric in metrics],
        }
        document = {
            "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
            ENVIRONMENT: self._environment,
            **dimensions,
            **{metric.name: value for metric, value in metrics.items()},
            **ids,
        }
        return json.dumps(document, separators=(",", ":")) + "\n"


def _portions(gathered: _Gathered) -> Iterator[dict[Metric, float | list[float]]]:
    """What fits on a line each, every value once."""
    first: dict[Metric, float | list[float]] = {**gathered.sums}
    first |= {metric: values[:MOST_VALUES] for metric, values in gathered.values.items()}
    yield first
    start = MOST_VALUES
    while more := {
        metric: values[start : start + MOST_VALUES]
        for metric, values in gathered.values.items()
        if len(values) > start
    }:
        yield {**more}
        start += MOST_VALUES


def _short(value: float) -> float:
    """Four digits: lines stay short and nothing that matters is lost."""
    return float(f"{value:.4g}")
