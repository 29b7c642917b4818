"""For the people who keep it right: what was asked, what could not be answered, and the page that shows it."""
