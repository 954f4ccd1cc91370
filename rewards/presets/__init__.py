"""Programmes to start from, as YAML; read by `members.programme.presets`."""
