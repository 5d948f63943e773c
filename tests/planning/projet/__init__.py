"""Tests of the inputs of the years ahead."""
