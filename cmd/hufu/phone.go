package main

type phoneCommand struct{}

func (c *phoneCommand) Run() error { return nil }
