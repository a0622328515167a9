"""Python's own `import` again, once PySide6 is loaded; to import this module is to do it.

WORKAROUND: PySide6 (6.12) puts a hook around `import` that reads the source of every module imported after it, to see
whether that uses Qt and may wish for another spelling of its names (`__feature__`). We wish for none. The hook cost
15 MiB, for linecache keeps every source it read, and a third of the time that the program takes to load.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - what sets the hook

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
