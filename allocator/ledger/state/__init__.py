"""What events add up to, in columns: what accounts and rules are made of."""
