"""Proposals that explain themselves: what each choice serves, what it would cost the year, and in plain French."""
