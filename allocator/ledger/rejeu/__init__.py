"""The proposals of a past day, made again from the journal alone and held against those recorded."""
