"""The years ahead: who is served when, which promises hold, which cannot and what would mend it (Th. 3-2)."""
