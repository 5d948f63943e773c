"""What is told to others: the prévisionnel of 28 February, and the consolidation of several bailleurs."""
