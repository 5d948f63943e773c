"""How the checker writes numbers and cells in its sentences."""


def nombre(value: float) -> str:
    """Return a number as it is read in French, with at most six decimals: ``6,0052``."""
    return f"{round(value, 6) + 0.0:.6f}".rstrip("0").rstrip(".").replace(".", ",")


def accord(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 logement``, ``3 logements``."""
    return f"{count} {noun}" if count < 2 else f"{count} {noun}s"


def case(reservataire: str, sur: str, territoire: str, modalite: str) -> str:
    """Return a cell in words: ``com93048, contractuel, commune:93048``."""
    return ", ".join(part for part in (reservataire, sur, territoire, modalite) if part)
