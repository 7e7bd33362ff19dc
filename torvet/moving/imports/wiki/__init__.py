"""Wikis from elsewhere: one reader for each old home, one way of bringing in what they read."""
