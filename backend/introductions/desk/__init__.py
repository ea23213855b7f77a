"""All cases of a coordinator together: the day's work, the board, the list and the spreadsheet."""
