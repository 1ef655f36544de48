"""The settings screen.

In: the table of settings, and key presses, clicks and drags.
Out: changes, saved at once and heard or seen at once; each can be undone.
"""
