"""The user's settings.

In: `settings.toml`, and single changes made on the settings screen.
Out: `Settings`, with every faulty key reported and replaced by its default. Changes keep the comments and the order of
the file.
"""
