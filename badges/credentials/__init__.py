"""Awards as Open Badges 3.0: signed so that anybody can check them without asking us.

Pure but for `tables`: keys, moments and chance come in as arguments, and nothing here opens a connection.
"""
