package main_test

import main "command"

var hooks = []func(int){main.Hook}
