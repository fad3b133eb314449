package old

import _ "app/deps/older" // silent: the exception
