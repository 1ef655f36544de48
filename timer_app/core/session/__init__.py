"""The schema of session files, exercises, phrases and translations.

In: the data of a TOML file.
Out: frozen pydantic models. The descriptions of their fields become the JSON schemas in `docs/`, which editors show.
"""
