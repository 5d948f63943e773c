"""Small réservataires: the years and territories in which each is served (Th. 3-2)."""
