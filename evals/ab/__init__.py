"""Two arms of a prompt held against each other, offline on a golden set and online by thumbs."""
