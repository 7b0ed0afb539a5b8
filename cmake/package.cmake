# `make package`: a .tar.gz and a .deb with the program, its completions and its documents.
