"""Numbers as French writes them: a comma, thin spaces between thousands, a true minus, no sign on zero."""


def fixed(value: float, decimals: int) -> str:
    """Return a number with that many decimals: ``1 234,50``."""
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",").replace("-", "−")


def short(value: float, decimals: int = 2) -> str:
    """Return a number with that many decimals at most: ``1 234,5``."""
    text = fixed(value, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text
