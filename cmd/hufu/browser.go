package main

type browserCommand struct{}

func (c *browserCommand) Run() error { return nil }
