"""`regulars bench`: the figures of speed and scale, each beside what it is compared with, measured in one run."""
