"""Writes a session into a file that any player plays: the same sound as a live run, with chapters and captions."""
