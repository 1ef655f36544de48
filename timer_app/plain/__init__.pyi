from .line_input import QUIT_KEY as QUIT_KEY
from .line_input import SPOKEN_KEYS as SPOKEN_KEYS
from .line_input import LineReader as LineReader
from .line_input import interactive_descriptor as interactive_descriptor
from .runner import PlainRun as PlainRun
