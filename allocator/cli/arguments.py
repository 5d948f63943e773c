"""What several commands take as arguments, resolved once."""

from pathlib import Path

import allocator
from allocator.formats import BadInput, Fault


def shipped(folder: str) -> Path:
    """Return a folder of data that is shipped with the program, such as ``models``."""
    return Path(allocator.__file__).parent / "data" / folder


def resolve_model(text: str) -> Path:
    """Return the path of a model given as a file or by the name of a shipped one, such as ``reference``.

    Raises
    ------
    BadInput
        If it is neither.
    """
    models = {path.stem: path for path in sorted(shipped("models").glob("*.toml"))}
    if Path(text).is_file():
        return Path(text)
    if text in models:
        return models[text]
    known = ", ".join(models)
    raise BadInput([Fault(text, None, None, f"ni un fichier ni un modèle livré ({known})")])
