"""A run without a screen: one line an event, for pipes, logs and screen readers."""
