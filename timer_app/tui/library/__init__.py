"""The list of sessions, where the app starts.

In: the entries of the library, and the words that the user filters by.
Out: a table, a preview of the selected session, and the request to run it.
"""
