"""The annex of a convention, generated from the data that the convention is applied by."""
