"""Tests of what cannot be kept and of its mends."""
