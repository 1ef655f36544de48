"""The rules: what a session means and how a run moves; knows no screen, no sound, no files and reads no clock."""
