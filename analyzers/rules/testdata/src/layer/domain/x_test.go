package domain_test

import (
	_ "layer/domain" // silent: what it tests
	_ "layer/helper" // silent: its chain leads through the package itself
	_ "layer/left"   // want `layer/domain -> layer/left -> layer/infra \(chains\)$`
)
