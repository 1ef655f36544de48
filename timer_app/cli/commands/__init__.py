"""What each command of the command line does, one file a command.

In: parsed arguments and options.
Out: what the command prints, and its exit status.
"""
