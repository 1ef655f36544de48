"""The schema of session files, exercises, phrases and translations.

In: the data of a TOML file.
Out: frozen pydantic models. The descriptions of their fields become the JSON schemas in `docs/`, which editors show.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
