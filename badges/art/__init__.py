"""Draws badges: `colours` and `contrast` choose and check, `render` draws, `address` says where a picture is."""
