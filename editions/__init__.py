"""What is made from the notebooks: website, page to print, programs, slides, live coding; and the drawings in them."""
