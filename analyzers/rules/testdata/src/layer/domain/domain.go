package domain

import (
	_ "layer/app"          // want `^keep it pure: layer/domain -> layer/app -> layer/infra; layer/domain -> layer/app -> layer/web \(chains\)$`
	_ "layer/domain/quiet" // the same component
	_ "layer/infra"        // want `^keep it pure: layer/domain -> layer/infra \(chains\)$`
	_ "layer/long"         // want `^keep it pure: layer/domain -> layer/long -> layer/top -> layer/left -> layer/infra \(chains\)$`
	_ "layer/top"          // want `^keep it pure: layer/domain -> layer/top -> layer/left -> layer/infra \(chains\)$`

	_ "third.example/lib"      // want `^domain must not depend on third: layer/domain -> third.example/lib -> third.example/lib/deep \(third\)$`
	_ "third.example/lib/safe" // silent: leads nowhere
)
