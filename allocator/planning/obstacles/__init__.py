"""What cannot be kept, why, and what would mend it."""

from allocator.planning.obstacles.cause import Cause, cause
from allocator.planning.obstacles.manques import Manque, Promesse, kept, unkept
from allocator.planning.obstacles.remede import Remede, applied, of_size
from allocator.planning.obstacles.remedes import holds, remedes
from allocator.planning.obstacles.tableaux import Obstacle, obstacles_table, remedes_table, sentence

__all__ = [
    "Cause",
    "Manque",
    "Obstacle",
    "Promesse",
    "Remede",
    "applied",
    "cause",
    "holds",
    "kept",
    "obstacles_table",
    "of_size",
    "remedes",
    "remedes_table",
    "sentence",
    "unkept",
]
