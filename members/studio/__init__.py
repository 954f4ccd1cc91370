"""The studio's forms, pure: badges and challenges as the boxes that staff fill in, and back."""
