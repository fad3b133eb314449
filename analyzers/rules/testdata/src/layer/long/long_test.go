package long

import _ "layer/infra"
