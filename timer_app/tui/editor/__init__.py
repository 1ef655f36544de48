"""The editor of sessions: their text, or a form in its place, and what becomes of it.

In: a session file, and what the room `analysis` finds in its text.
Out: the file, saved safely, and the request to run it from a line. What is typed and not saved survives in a draft.
"""
