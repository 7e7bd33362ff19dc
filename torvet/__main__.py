"""`python -m torvet …`, the same as `torvet …`."""

import sys

from torvet.cli import main

sys.exit(main())
