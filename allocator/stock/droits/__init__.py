"""The ledger of rights: opening, acquired, consumed, expired, balance (Th. 3-2)."""
