"""Progress of long work: on standard error, and only where that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Tell = Callable[[str], None]
"""Hears what people want to know, in French."""


def tell_line(text: str) -> None:
    """Show one more line; nothing where standard error is not a terminal."""
    if sys.stderr.isatty():
        click.echo(f"  … {text}", err=True)


@contextmanager
def one_line(about: str = "") -> Iterator[Tell]:
    """Show progress on one line, that each new word replaces and the end wipes.

    Parameters
    ----------
    about
        What stands before each word, such as the name of a rule.
    """
    if not sys.stderr.isatty():
        yield lambda _text: None
        return
    start = f"\r\033[K  … {about}, " if about else "\r\033[K  … "
    try:
        yield lambda text: click.echo(f"{start}{text}", err=True, nl=False)
    finally:
        click.echo("\r\033[K", err=True, nl=False)
