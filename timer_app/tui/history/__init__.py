"""The history screen.

In: views of the history, which are frozen figures.
Out: a calendar, charts, tables, and single records.
"""
