"""The journal in a database: written by one at a time, read, verified, and migrated."""
