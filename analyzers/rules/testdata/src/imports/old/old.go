package old

var V int
