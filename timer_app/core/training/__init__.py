"""What earlier runs mean for the next one: progression, measurements and programmes.

In: earlier results, which the history supplies, and today's date.
Out: today's dose within each range, measured values compared over time, and the sessions that are due on a day.
"""
