"""Who did what: people and their accounts, the actions that change them, and the programme as a whole."""
