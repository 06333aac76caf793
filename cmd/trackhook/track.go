package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trackhook/engine/admin"
)

// tracking is one package as typed on the command line.
type tracking struct {
	client       client
	appToken     string
	environment  string
	device       []string
	eventToken   string
	revenue      string
	currency     string
	callbackID   string
	dedupID      string
	source       string
	createdAt    string
	key          string
	callback     []string
	partner      []string
	extra        []string
	path         string
	needsToken   bool
	needsRevenue bool
}

func newTrack() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "track",
		Short: "Hand a session, an event or ad revenue to a running host",
		Args:  func(_ *cobra.Command, args []string) error { return unknownCommand(args) },
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	session := &tracking{path: "session"}
	event := &tracking{path: "event", needsToken: true}
	adRevenue := &tracking{path: "ad_revenue", needsRevenue: true, source: "publisher"}
	cmd.AddCommand(
		session.command("session", "Hand over a session"),
		event.command("event", "Hand over an event"),
		adRevenue.command("ad-revenue", "Hand over the revenue of an ad"),
	)
	return cmd
}

func (t *tracking) command(name, short string) *cobra.Command {
	cmd := &cobra.Command{
		Use: name, Short: short, Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return t.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	flags := cmd.Flags()
	t.client.flags(flags)
	flags.StringVar(&t.appToken, "app-token", "", "app token (default: the host's first app)")
	flags.StringVar(&t.environment, "environment", "", "sandbox or production (default: that of the host's app)")
	flags.StringArrayVar(&t.device, "device", nil, "device as KIND=ID, such as gps_adid=... (default: the host's own); may be repeated")
	flags.StringArrayVar(&t.callback, "callback-param", nil, "callback parameter as k=v; may be repeated")
	flags.StringArrayVar(&t.partner, "partner-param", nil, "partner parameter as k=v; may be repeated")
	flags.StringArrayVar(&t.extra, "param", nil, "any other S2S parameter as k=v; may be repeated")
	flags.StringVar(&t.createdAt, "created-at", "", "when it happened, in seconds since 1970 or RFC 3339 (default: now)")
	flags.StringVar(&t.key, "idempotency-key", "", "hand over at most one package with this key")
	if t.path == "session" {
		return cmd
	}
	flags.StringVar(&t.revenue, "revenue", "", "revenue in full units, such as 1.99")
	flags.StringVar(&t.currency, "currency", "", "currency of the revenue, such as EUR")
	if t.path == "event" {
		flags.StringVar(&t.eventToken, "event-token", "", "event token, such as abc123 (required)")
		flags.StringVar(&t.callbackID, "callback-id", "", "your own id, which scripts get back as callbackId")
		flags.StringVar(&t.dedupID, "deduplication-id", "", "count at most one event with this id")
	} else {
		flags.StringVar(&t.source, "source", t.source, "source of the ad revenue")
	}
	return cmd
}

func (t *tracking) run(ctx context.Context, out io.Writer) error {
	if t.needsToken && t.eventToken == "" {
		return usageError{errors.New("--event-token is missing, such as --event-token abc123")}
	}
	if t.needsRevenue && (t.revenue == "" || t.currency == "") {
		return usageError{errors.New("--revenue and --currency are needed, such as --revenue 0.01 --currency EUR")}
	}
	form, err := t.form()
	if err != nil {
		return usageError{err}
	}
	if err := t.fill(ctx, form); err != nil {
		return err
	}
	id, err := t.client.track(ctx, t.path, form, t.key)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "accepted", id)
	return err
}

// form makes the S2S parameters of what was typed.
func (t *tracking) form() (url.Values, error) {
	form := url.Values{}
	for _, list := range []struct {
		flag   string
		values []string
	}{{"--device", t.device}, {"--param", t.extra}} {
		pairs, err := pairsOf(list.flag, list.values)
		if err != nil {
			return nil, err
		}
		for name, value := range pairs {
			form.Set(name, value)
		}
	}
	for name, value := range map[string]string{
		"app_token": t.appToken, "environment": t.environment, "event_token": t.eventToken, "revenue": t.revenue,
		"currency": t.currency, "event_callback_id": t.callbackID, "deduplication_id": t.dedupID, "source": t.source,
	} {
		if value != "" {
			form.Set(name, value)
		}
	}
	if t.createdAt != "" {
		name := "created_at"
		if _, err := strconv.ParseInt(t.createdAt, 10, 64); err == nil {
			name = "created_at_unix"
		}
		form.Set(name, t.createdAt)
	}
	for name, given := range map[string]struct {
		flag   string
		values []string
	}{"callback_params": {"--callback-param", t.callback}, "partner_params": {"--partner-param", t.partner}} {
		pairs, err := pairsOf(given.flag, given.values)
		if err != nil {
			return nil, err
		}
		if len(pairs) > 0 {
			text, err := json.Marshal(pairs)
			if err != nil {
				return nil, err
			}
			form.Set(name, string(text))
		}
	}
	return form, nil
}

// fill asks the host for what was not typed: its app, and its own device.
func (t *tracking) fill(ctx context.Context, form url.Values) error {
	if form.Get("app_token") != "" && form.Get("environment") != "" && len(t.device) > 0 {
		return nil
	}
	host, err := t.client.admin().Host(ctx)
	if err != nil {
		return err
	}
	if form.Get("app_token") == "" {
		form.Set("app_token", host.AppToken)
	}
	if form.Get("environment") == "" && form.Get("app_token") == host.AppToken {
		form.Set("environment", host.Environment)
	}
	if len(t.device) > 0 {
		return nil
	}
	if len(host.Device) == 0 {
		return usageError{errors.New("--device is missing, such as --device gps_adid=...; the host has no device of its own")}
	}
	for name, value := range host.Device {
		if form.Get(name) == "" {
			form.Set(name, value)
		}
	}
	return nil
}

func pairsOf(flag string, given []string) (map[string]string, error) {
	pairs := make(map[string]string, len(given))
	for _, text := range given {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%s %q must be NAME=VALUE", flag, text)
		}
		pairs[name] = value
	}
	return pairs, nil
}

// track posts a form and returns the package's id.
func (c *client) track(ctx context.Context, path string, form url.Values, key string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	base := c.base()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", usageError{fmt.Errorf("--host: %w", err)}
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	if token := c.token(); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("%w at %s; start one with `trackhook run` (%w)", admin.ErrNoHost, base, errors.Unwrap(err))
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return "", fmt.Errorf("read the host's answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return "", refusalOf(answer.StatusCode, text)
	}
	return answer.Header.Get("X-Trackhook-Id"), nil
}

// refusalOf makes an error of what the host says.
func refusalOf(status int, text []byte) error {
	var body struct {
		Error  string `json:"error"`
		Detail string `json:"detail"`
	}
	if json.Unmarshal(text, &body) != nil || body.Error == "" {
		return fmt.Errorf("the host answered with status %d: %s", status, bytes.TrimSpace(text[:min(len(text), 200)]))
	}
	if body.Detail != "" {
		return fmt.Errorf("refused: %s: %s", body.Error, body.Detail)
	}
	return fmt.Errorf("refused: %s", body.Error)
}

// envToken is where commands that talk to a host take their token from: not from a flag, because others can see those.
const envToken = "TRACKHOOK_TOKEN"

func tokenFromEnv() string { return strings.TrimSpace(os.Getenv(envToken)) }
