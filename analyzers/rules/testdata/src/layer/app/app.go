package app

import (
	_ "layer/domain/quiet"
	_ "layer/infra"
	_ "layer/web" // want `^app may not import web: layer/app -> layer/web \(direct\)$`
)
