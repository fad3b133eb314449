package pkg

var V int
