from . import comparison as comparison
from . import difference as difference
from . import doses as doses
from . import formatting as formatting
from . import languages as languages
from . import look_back as look_back
from . import phases as phases
from . import record as record
