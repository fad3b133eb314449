package domain

import _ "layer/right" // want `layer/domain -> layer/right -> layer/infra \(chains\)$`
