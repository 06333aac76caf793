package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
	"trackhook/engine/disk"
)

// backup is `trackhook backup` as typed.
type backup struct {
	target command.Client
	flags  *config.Flags
	json   bool
}

func newBackup() *cobra.Command {
	var b backup
	cmd := &cobra.Command{
		Use:   "backup DIR",
		Short: "Copy the data folder while the host runs",
		Long: "Copy the data folder of a host to the new folder DIR, while the host runs or when it does not. All that was accepted\n" +
			"before is in the copy. It is made whole or not at all.\n\n" +
			"The running host makes it, on its own machine: DIR is a path there. When no host answers, the folder that --config\n" +
			"names is copied, under its lock; with --data that folder is, without asking a host. DIR must not exist yet, in a\n" +
			"folder that does.\n\n" +
			"To restore, stop the host, move its data folder away, put a copy of the backup in its place, and start it. What was\n" +
			"accepted after the backup is not in it, and what was sent after the backup is sent again.\n\n" +
			"What hosts keep in a PostgreSQL database is backed up with the tools of PostgreSQL.",
		Example: "  trackhook backup /mnt/backups/$(date +%F)\n  trackhook store verify --data /mnt/backups/2026-01-02",
		Args:    command.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := command.LoadSettings(cmd, b.flags)
			if err != nil {
				return err
			}
			made, err := b.make(cmd.Context(), cmd.Flags(), &cfg, args[0])
			if err != nil {
				return err
			}
			if b.json {
				return terminal.JSON(cmd.OutOrStdout(), made)
			}
			return printBackup(cmd.OutOrStdout(), &made)
		},
	}
	b.flags = bindStore(cmd.Flags())
	b.target.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&b.json, "json", false, "print JSON")
	return cmd
}

// make lets the host make the backup, or makes it when none runs.
func (b *backup) make(ctx context.Context, set *pflag.FlagSet, cfg *config.Config, dir string) (admin.Backup, error) {
	named := b.target.Named(set)
	if !named && cfg.OnPostgres() {
		return admin.Backup{}, errOnPostgres(cfg, "back it up with the tools of PostgreSQL, such as pg_dump, or pg_basebackup with an archive of the WAL")
	}
	if !named && set.Changed("data") {
		return backUpStore(ctx, cfg, dir)
	}
	if !named {
		b.target.Listening(cfg)
	}
	target, err := b.pathThere(dir)
	if err != nil {
		return admin.Backup{}, err
	}
	made, err := b.target.Admin().Backup(ctx, target)
	if !errors.Is(err, admin.ErrNoHost) || named {
		return made, err
	}
	if made, err = backUpStore(ctx, cfg, dir); err != nil {
		return made, fmt.Errorf("no host answers at %s (--host names another address), and its data folder cannot be copied: %w", b.target.Base(), err)
	}
	return made, nil
}

// pathThere is a path as the machine of the host knows it.
func (b *backup) pathThere(path string) (string, error) {
	u, err := url.Parse(b.target.Base())
	if err != nil {
		return "", admin.ErrAddress
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return filepath.Abs(path)
	}
	if !filepath.IsAbs(path) {
		return "", command.Usage(fmt.Errorf("the host at %s makes the backup on its own machine: name %s as an absolute path there", u.Host, path))
	}
	return path, nil
}

// backUpStore copies the data folder of a host that does not run.
func backUpStore(ctx context.Context, cfg *config.Config, dir string) (admin.Backup, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return admin.Backup{}, err
	}
	data, err := filepath.Abs(cfg.Data)
	if err != nil {
		return admin.Backup{}, err
	}
	began := time.Now()
	made, err := disk.Backup(ctx, cfg.StoreConfig(zerolog.Nop()), dir, cfg.PluginsDir)
	if err != nil {
		return admin.Backup{}, err
	}
	return admin.Backup{
		Dir: made.Dir, Data: data, Queued: made.Queued, Dead: made.Dead, Bytes: made.Bytes, Shared: made.Shared,
		Seconds: time.Since(began).Round(time.Millisecond).Seconds(),
	}, nil
}

func printBackup(out io.Writer, b *admin.Backup) error {
	_, err := fmt.Fprintf(out, "%s has %s and %s: %s in %gs\n", terminal.Shorter(b.Dir),
		terminal.Number(int(b.Queued), "queued package"), terminal.Number(int(b.Dead), "dead letter"), size(b.Bytes), b.Seconds) //nolint:gosec // counts
	if err == nil && b.Shared > 0 {
		_, err = fmt.Fprintf(out, "%s of it are shared with %s by hard links: copy the backup to another disk, to have it when this one is lost\n",
			size(b.Shared), terminal.Shorter(b.Data))
	}
	return err
}

// size is a number of bytes, such as 1.5 MB.
func size(bytes uint64) string {
	const unit = 1000
	at := float64(bytes)
	for _, name := range []string{"bytes", "kB", "MB", "GB"} {
		if at < unit-0.5 { // what would be rounded up to it is told in the next
			return fmt.Sprintf("%.3g %s", at, name)
		}
		at /= unit
	}
	return fmt.Sprintf("%.3g TB", at)
}
