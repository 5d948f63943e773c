"""The file contract, read and written whole: every fault with its file, line and column."""

from allocator.formats.document_reader import SolutionDocument, read_solution_document
from allocator.formats.faults import BadInput, Fault
from allocator.formats.instance_reader import read_instance
from allocator.formats.instance_writer import write_instance
from allocator.formats.model_reader import read_model
from allocator.formats.result_reader import (
    INCONNU,
    Decisions,
    EcartRows,
    Preorientations,
    read_decisions,
    read_ecarts,
    read_preorientations,
)
from allocator.formats.result_writer import solution_document, write_solution

__all__ = [
    "INCONNU",
    "BadInput",
    "Decisions",
    "EcartRows",
    "Fault",
    "Preorientations",
    "SolutionDocument",
    "read_decisions",
    "read_ecarts",
    "read_instance",
    "read_model",
    "read_preorientations",
    "read_solution_document",
    "solution_document",
    "write_instance",
    "write_solution",
]
