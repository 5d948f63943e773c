"""The daily rules: what people do by hand, what a look ahead gives, and the replay that compares them."""
