"""Where you are: one module is one route, with its State and its page function."""
