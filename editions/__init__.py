"""What is made from the notebooks: the website with a page to print, programs, slides, the edition for live coding."""
