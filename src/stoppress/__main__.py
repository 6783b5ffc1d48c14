"""``python -m stoppress``: the same command as ``stoppress``."""

from stoppress.cli.main import main

if __name__ == "__main__":
    main()
