"""Stop Press: a news publishing platform.

A newsroom installs this one package and has its whole publication. The rooms (subpackages) stand on
floors and import downwards only; ``docs/adr/0001-the-house.md`` says why.
"""

__version__ = "0.1.0"
