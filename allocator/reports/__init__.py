"""What the law and the partners are sent: bilan annuel, prévisionnel, monthly follow-up, letters (R.441-5, R.441-5-1)."""
