"""Before the first morning: rights as they stand, how dwellings turn over, what rights become in flux (Th. 3)."""
