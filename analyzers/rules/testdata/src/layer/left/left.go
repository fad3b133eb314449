package left

import _ "layer/infra"
