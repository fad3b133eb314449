package main

func unitText() string { return launchdPlist }
