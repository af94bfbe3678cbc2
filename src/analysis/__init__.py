"""Shuangjian: what a district knows about homework and after-school service, and can prove.

The way of the data, floor by floor (each imports only what stands below it)::

    cli > running > letters, publishing > presentation > disclosure > indicators
        > intake, simulation > snapshots > rules > statistics > house
"""

__version__ = "0.1.0"
