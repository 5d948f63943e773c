"""Tests of simulated years."""
