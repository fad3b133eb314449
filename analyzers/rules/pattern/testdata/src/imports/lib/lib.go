package lib

type Client struct{}

type Other struct{}
