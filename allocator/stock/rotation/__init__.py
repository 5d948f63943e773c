"""How dwellings turn over: rates by segment with what is behind them, and those that partners agree on (Th. 3-1)."""
