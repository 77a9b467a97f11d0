"""The metrics of the catalogue as Prometheus names them: `StageSeconds` is `isra_stage_seconds`."""

import re
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder

from agent.metrics_catalogue import Catalogue, Metric, Unit

_BUCKETS: dict[Unit, tuple[float, ...]] = {
    "Seconds": (0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900),
    "Percent": (10, 25, 50, 75, 90, 95, 99, 100),
    "None": (0, 1),
    "Count": (1, 10, 100, 1000),
}


class Exposition:
    """Collects values in a registry of its own."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._registry = CollectorRegistry()
        self._collectors = {
            metric.name: _collector(metric, catalogue.namespace, self._registry)
            for metric in catalogue.metrics
        }

    def record(self, metric: Metric, value: float, dimensions: Mapping[str, str]) -> None:
        """Keep a value."""
        collector = self._collectors[metric.name]
        if dimensions:
            labels = {_snake(name): value for name, value in dimensions.items()}
            collector = collector.labels(**labels)
        if isinstance(collector, Counter):
            collector.inc(value)
        elif isinstance(collector, Gauge):
            collector.set(value)
        else:
            collector.observe(value)

    def text(self) -> tuple[bytes, str]:
        """Everything collected and its content type."""
        encode, content_type = choose_encoder("")
        return encode(self._registry), content_type


def _collector(
    metric: Metric, namespace: str, registry: CollectorRegistry
) -> Counter | Gauge | Histogram:
    name = f"{namespace.lower()}_{_snake(metric.name)}"
    labels = [_snake(dimension) for dimension in metric.dimensions]
    if metric.kind == "count":
        return Counter(name, metric.meaning, labels, registry=registry)
    if metric.kind == "gauge":
        return Gauge(name, metric.meaning, labels, registry=registry)
    return Histogram(name, metric.meaning, labels, registry=registry, buckets=_BUCKETS[metric.unit])


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
