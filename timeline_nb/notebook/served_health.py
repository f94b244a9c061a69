"""The health and metrics of a studio, as a server without Jupyter gives them."""

import asyncio

from timeline_nb.core.telemetry.health import HealthCheck
from timeline_nb.errors import ServerError
from timeline_nb.notebook.health import health
from timeline_nb.notebook.served_requests import RequestReports
from timeline_nb.server.alone import AloneServer
from timeline_nb.server.checks import Results, results_of
from timeline_nb.studio import Studio

__all__ = ["report_on"]


def report_on(studio: Studio, server: AloneServer) -> None:
    """Have a server report on a studio, and the studio's health on the server."""
    server.figures.sources.append(studio.telemetry.metrics_text)
    if studio.telemetry.exporter is not None:
        RequestReports(studio, server.figures)

    async def check_films() -> Results:
        report = await asyncio.to_thread(health, machine=False, studio=studio)
        return results_of(report.to_json()["checks"])

    def check_server() -> str:
        if not server.is_running:
            raise ServerError("the server has ended: start it again")
        return f"listens at 127.0.0.1:{server.port}"

    server.checks.films = check_films
    studio.health_checks.append(HealthCheck("server", check_server))
