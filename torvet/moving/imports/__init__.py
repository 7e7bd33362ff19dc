"""What comes in: one module or package for each old home."""
