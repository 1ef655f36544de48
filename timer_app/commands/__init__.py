"""What the commands do; each module is imported only by the command that needs it."""
