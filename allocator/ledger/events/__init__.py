"""What is recorded: events, what they may say and follow, and what they add up to; no database."""
