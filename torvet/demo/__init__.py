"""One company, one cast: what a visitor of the demo finds. Built through the actions that everybody uses."""
