from .catalogue import N_ as N_
from .catalogue import _ as _
from .catalogue import best_language as best_language
from .catalogue import current_language as current_language
from .catalogue import languages as languages
from .catalogue import ngettext as ngettext
from .catalogue import pgettext as pgettext
from .catalogue import use_language as use_language
