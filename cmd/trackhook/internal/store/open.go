package store

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/disk"
	"trackhook/engine/postgres"
)

// About is what a store is told of whoever opens it. The zero value says nothing.
type About struct {
	// Version is that of the program, for the other hosts.
	Version string
	// Log receives what people should know.
	Log zerolog.Logger
}

// Open opens the store of the settings. ctx bounds that. A mistake in the settings is a [*config.Error].
func Open(ctx context.Context, settings *config.Config, about About) (engine.Store, error) {
	if !settings.OnPostgres() {
		opened, err := disk.Open(settings.StoreConfig(about.Log))
		if err != nil {
			return nil, err // and not a nil store in an interface
		}
		return opened, nil
	}
	if err := Check(settings); err != nil {
		return nil, err
	}
	cfg, err := Postgres(settings, about)
	if err != nil {
		return nil, err
	}
	opened, err := postgres.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// Check says what is wrong with the settings of the store, without opening it: a [*config.Error].
func Check(settings *config.Config) error {
	if !settings.OnPostgres() {
		return nil
	}
	cfg, err := Postgres(settings, About{})
	if err != nil {
		return err
	}
	if err := cfg.Check(); err != nil {
		return &config.Error{Err: fmt.Errorf("postgres: %w", err)}
	}
	return nil
}

// Postgres is the store in the database of the settings.
func Postgres(settings *config.Config, about About) (postgres.Config, error) {
	address, err := settings.Database()
	if err != nil {
		return postgres.Config{}, err
	}
	named := *settings // a file may hold another password later
	return postgres.Config{
		URL: address, Address: named.Database, Schema: settings.Cluster.Schema, Name: settings.Name, Version: about.Version, Partitions: settings.Cluster.Partitions,
		Lease: settings.Cluster.Lease, Attempt: longestAttempt(settings), Connections: settings.Cluster.Connections, Retain: settings.Log.Retain,
		RetainBytes: settings.Log.RetainBytes, DeadAge: settings.Log.DeadAge,
		HighWater: postgres.HighWater{Queued: settings.HighWater.Queued, DeadBytes: settings.HighWater.DeadBytes}, Log: about.Log,
	}, nil
}

// longestAttempt is how long an attempt may take: that of an app with two tokens may make two requests.
func longestAttempt(settings *config.Config) time.Duration {
	request := cmp.Or(settings.AttemptTimeout, adjust.DefaultTimeout)
	for i := range settings.Apps {
		if _, old, err := settings.Apps[i].AuthTokens(); err == nil && old != "" { // who needs them says what is wrong with them
			return 2 * request
		}
	}
	return request
}
