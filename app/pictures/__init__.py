"""Pictures from outside: decoded under guard, never kept as they came, and served for ever under their digest."""
