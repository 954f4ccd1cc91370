"""Tests mirror the packages; what all of them share is in conftest.py and databases.py."""
