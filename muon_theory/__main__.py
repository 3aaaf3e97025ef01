"""`python -m muon_theory`."""

import sys

from muon_theory.cli import main

if __name__ == "__main__":
    sys.exit(main())
