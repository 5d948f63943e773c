"""The daily job over a journal, without a screen: opening it, importing, pre-orienting, deciding, recording.

Functions take a journal or what was read of it, and return entries to record or figures to show: the command line
and the web pages call the same ones.
"""
