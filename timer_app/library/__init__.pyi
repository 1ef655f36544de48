from . import library as library
from .library import Library as Library
from .library import LibraryError as LibraryError
from .library import Media as Media
from .library import SessionEntry as SessionEntry
from .programmes import ProgrammeError as ProgrammeError
from .programmes import ProgrammeLibrary as ProgrammeLibrary
from .sounds import SoundLibrary as SoundLibrary
