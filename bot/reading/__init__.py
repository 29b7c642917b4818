"""From a file to a Bulletin and its Passages. Knows files and Markdown; knows nothing of questions."""
