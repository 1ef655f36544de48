from .input import QUIT_KEY as QUIT_KEY
from .input import LineReader as LineReader
from .input import interactive_descriptor as interactive_descriptor
from .runner import PlainRun as PlainRun
