"""From a question to an Answer: safety rules, place and age, choosing the quotes, rendering. Every door calls this."""
