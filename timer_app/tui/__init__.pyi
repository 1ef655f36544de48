from .app import run_app as run_app
from .commands import COMMANDS_BY_ID as COMMANDS_BY_ID
from .context import RunOpener as RunOpener
from .figure_preview import FigurePreview as FigurePreview
from .widgets.figure_cells import Grid as Grid
from .widgets.figure_cells import rasterize as rasterize
