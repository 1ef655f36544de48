from . import files as files
from . import paths as paths
from . import processes as processes
from . import zip_archives as zip_archives
from .lazy import install_command as install_command
from .lazy import lazy as lazy
from .stderr import guarded_stderr as guarded_stderr
