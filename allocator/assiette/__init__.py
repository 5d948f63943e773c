"""What the shares apply to: expected re-lettings less what the law takes out, agreed step by step (Th. 1, R.441-5)."""
