"""Optimization engine for the *gestion en flux* of French social housing."""

__version__ = "0.1.0"
