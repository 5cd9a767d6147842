"""All kinds of jobs that the queue knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo_server.commands.export_account import EXPORT, Export
from cellissimo_server.commands.render_piece import Rendering
from cellissimo_server.commands.take_in import INTAKE, Intake
from cellissimo_server.jobs.kind import Kind

if TYPE_CHECKING:
    from cellissimo_server.services import Services


def job_kinds(services: Services) -> dict[str, Kind]:
    """Each kind by its name."""
    return {
        INTAKE: Intake(services).kind(),
        EXPORT: Export(services).kind(),
        **Rendering(services).kinds(),
    }
