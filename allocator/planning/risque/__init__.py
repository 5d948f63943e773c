"""Simulated years, played by the daily rule: how likely each promise is kept, and how far it may be off."""
