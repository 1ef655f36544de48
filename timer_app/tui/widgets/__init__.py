"""Widgets that know nothing of sessions or time: large text, bars, figures, footer, inputs.

In: what to show.
Out: terminal cells, redrawn only when they change.
"""
