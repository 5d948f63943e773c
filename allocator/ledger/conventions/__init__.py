"""Conventions as dated versions: what they promise at a date, to whom, and what the law says of it."""
