"""Tests of the file contract."""
