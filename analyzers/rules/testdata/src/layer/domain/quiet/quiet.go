package quiet

import (
	_ "fmt"
	_ "layer/infra/pure"
	_ "third.example/lib/safe"
)
