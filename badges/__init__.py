"""What it means: badges, challenges, streaks and boards grow here, on the same facts as the rewards."""
