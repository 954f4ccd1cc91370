"""What it is worth: the ledger of points, the earning rules, tiers, the catalogue and redemption."""
