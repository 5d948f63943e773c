"""A period played again day by day: its journal, how pre-orientations end, what they count, and how it went."""
