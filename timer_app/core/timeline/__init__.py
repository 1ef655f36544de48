"""The timeline: what a session becomes when it is compiled.

In: nothing; these are the data types that compiler, player, sound and screens share.
Out: `Timeline`, a tuple of phases. A phase (prepare, work, switch, rest, say, wait, measure) has its length in
milliseconds, or none if it waits for the user, and carries cues: sounds and spoken lines at offsets from its start.
"""
