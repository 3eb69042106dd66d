"""Figures for Prometheus: requests by route template, time, and the process itself.

Counts per process; a scraper adds the processes up. Holds no personal data.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one application."""

    def __init__(self, engine: Engine) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Counter(
            "civicwindow_requests_total",
            "Requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "civicwindow_request_seconds",
            "Time to the last byte of the answer",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        in_use = Gauge(
            "civicwindow_connections_in_use",
            "Database connections borrowed just now",
            registry=self.registry,
        )
        pool = engine.pool
        in_use.set_function(lambda: pool.checkedout() if isinstance(pool, QueuePool) else 0)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """In Prometheus' exposition format."""
        return generate_latest(self.registry)
