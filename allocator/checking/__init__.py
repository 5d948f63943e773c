"""The independent checker: its own arithmetic of targets, counts and values, from the domain alone."""

from allocator.checking.values import evaluate
from allocator.checking.verdict import Verdict, verify

__all__ = ["Verdict", "evaluate", "verify"]
