"""Named scenarios of the years ahead, compared side by side with the projet as it is."""
