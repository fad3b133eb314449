package infra

type DB struct{}
