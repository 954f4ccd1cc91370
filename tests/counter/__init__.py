"""Tests of the counter: selling, redeeming, joining, and what its page may ask."""
