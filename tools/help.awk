# Prints the targets of a Makefile with their `## text`, under the groups that lines beginning with `## ` open.
BEGIN { print "Millrace. Two commands are enough to begin: make up, make test." }
/^## / { printf "\n%s\n", substr($0, 4) }
/^[a-z]+:.*## / {
    target = $0
    sub(/:.*/, "", target)
    text = $0
    sub(/.*## /, "", text)
    printf "  make %-10s %s\n", target, text
}
