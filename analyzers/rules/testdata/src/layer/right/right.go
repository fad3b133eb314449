package right

import _ "layer/infra"
