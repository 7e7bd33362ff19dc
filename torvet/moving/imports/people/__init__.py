"""A company's people from the list that its HR system writes."""
