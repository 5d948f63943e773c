"""From a model and an instance to a proven allocation."""

from allocator.engine.solve import solve

__all__ = ["solve"]
