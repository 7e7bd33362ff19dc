"""What goes out, in forms that others can read."""
