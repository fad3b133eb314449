package pkgvar

const limit = 10

var (
	db     *conn
	name   string
	size   int64
	Public = 1
)
