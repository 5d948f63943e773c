"""Tests of the trajectory: the plan by year and its split by month."""
