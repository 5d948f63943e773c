"""A whole year of a journal: closed and carried over to the next one, or written as an instance of the contract."""
