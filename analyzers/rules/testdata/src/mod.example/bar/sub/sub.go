package sub

var V int
