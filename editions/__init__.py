"""What is made from the notebooks: the website, slides, and the edition for live coding."""
