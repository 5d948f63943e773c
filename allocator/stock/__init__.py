"""Before the first morning: reservation rights as they stand, how dwellings turn over, and what rights become in flux (Th. 3)."""
