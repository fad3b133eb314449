package lib

import _ "third.example/lib/deep"
