"""What the law and the partners are sent: bilan annuel, prévisionnel, follow-up, letters (R.441-5, R.441-5-1)."""
