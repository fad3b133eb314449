module nilfacts.test

go 1.26
