"""Which clocks run and lapse, and the letters that say so to whom it concerns (Th. 2-3)."""
