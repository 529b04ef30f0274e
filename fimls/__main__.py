"""`python -m fimls` is `fimls`."""

from __future__ import annotations

import sys

from fimls.cli.main import main

sys.exit(main())
