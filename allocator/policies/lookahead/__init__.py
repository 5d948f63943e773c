"""The plan behind a morning's proposals: today together with what is still to come."""
