package disk

// WithMemTable makes Pebble write files of about this size, so that short tests reach flushes and compactions.
func WithMemTable(cfg Config, bytes uint64) Config {
	cfg.memTable = bytes
	return cfg
}
