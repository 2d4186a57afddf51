"""``python -m crowdlab`` is the command ``crowdlab``."""

from crowdlab.cli import main

if __name__ == "__main__":
    main()
