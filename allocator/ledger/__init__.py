"""The memory of the daily job: an append-only journal of events, and all else computed from it."""
