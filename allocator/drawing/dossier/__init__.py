"""Draws a bailleur's stock, the reservation rights on it and its past re-lettings, on public figures."""
