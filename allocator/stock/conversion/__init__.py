"""Conversion of reservation rights held in stock into droits uniques, and into shares of the flux (Th. 3-1, 3-2)."""
