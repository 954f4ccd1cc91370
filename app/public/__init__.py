"""Plain pages and addresses outside Reflex, for strangers, crawlers and other programs."""
