"""From what partners agreed to a projet of several years, and from a projet to the instance of one of them."""
