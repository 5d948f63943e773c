"""What is still to come this year, with its uncertainty, from what earlier years and this one have shown."""
