"""What each réservataire was owed, proposed and attributed at any date, counted as the partners agreed."""
