from .app import run_app as run_app
from .context import RunOpener as RunOpener
from .figure_preview import FigurePreview as FigurePreview
from .key_bindings import COMMANDS_BY_ID as COMMANDS_BY_ID
from .key_bindings import spoken_keys as spoken_keys
from .key_bindings import usable_keys as usable_keys
from .widgets.figure_cells import Grid as Grid
from .widgets.figure_cells import rasterize as rasterize
