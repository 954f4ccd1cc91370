"""How it looks: functions of Vars and cards, with no State and no database."""
