"""The état des lieux: what it lacks, each réservataire's own lines, its answers, and what goes to all (Th. 3-1)."""
