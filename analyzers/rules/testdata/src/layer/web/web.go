package web

import _ "layer/infra"
