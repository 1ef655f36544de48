"""Widgets that show what they are given; none of them knows the time."""
