"""Recording in a process of its own, so that the web process stays free for who is asking."""
