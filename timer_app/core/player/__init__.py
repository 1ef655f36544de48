"""Moves a run along its timeline.

In: a timeline, the present time in milliseconds, and commands such as pause or next.
Out: events that carry the time at which they were due, the cues to hand to the sound ahead of time, and the record of
what was done. Nothing counts ticks: however often the player is asked, the events are the same.
"""
