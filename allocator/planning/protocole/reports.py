"""Where a resolved setting was given, for messages about it: the derogation that touches it."""

from allocator.formats.toml_lines import Path


class Origines:
    """Stands for the document of resolved settings; ``lignes`` has the line of each derogation by its place."""

    def __init__(self, file: str, lignes: tuple[tuple[Path, int], ...]) -> None:
        self.file = file
        self._lignes = lignes

    def line(self, path: Path) -> int:
        """Return the line of the derogation that has most of its place in common with a setting's; 1 without any."""
        return max(self._lignes, key=lambda each: _shared(each[0], path), default=((), 1))[1]


def _shared(one: Path, other: Path) -> int:
    return next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
