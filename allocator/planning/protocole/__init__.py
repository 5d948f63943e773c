"""A region's settings in one file, which each bailleur inherits, and how far each one departs from them."""
