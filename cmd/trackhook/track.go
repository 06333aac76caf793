package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
)

// tracking is one package as typed on the command line.
type tracking struct {
	client       command.Client
	appToken     string
	environment  string
	device       []string
	eventToken   string
	revenue      string
	currency     string
	callbackID   string
	dedupID      string
	source       string
	impressions  int
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
	session := &tracking{path: "session"}
	event := &tracking{path: "event", needsToken: true}
	adRevenue := &tracking{path: "ad_revenue", needsRevenue: true, source: "publisher"}
	return command.Group("track", "Hand a session, an event or ad revenue to a running host",
		session.command("session", "Hand over a session"),
		event.command("event", "Hand over an event"),
		adRevenue.command("ad-revenue", "Hand over the revenue of an ad"))
}

func (t *tracking) command(name, short string) *cobra.Command {
	cmd := &cobra.Command{
		Use: name, Short: short, Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return t.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	t.flags(cmd.Flags())
	return cmd
}

func (t *tracking) flags(set *pflag.FlagSet) {
	t.client.Flags(set)
	set.StringVar(&t.appToken, "app-token", "", "app token (default: the host's first app)")
	set.StringVar(&t.environment, "environment", "", "sandbox or production (default: that of the host's app)")
	set.StringArrayVar(&t.device, "device", nil, "device as KIND=ID, such as gps_adid=... (default: the host's own); may be repeated")
	set.StringArrayVar(&t.callback, "callback-param", nil, "callback parameter as k=v; may be repeated")
	set.StringArrayVar(&t.partner, "partner-param", nil, "partner parameter as k=v; may be repeated")
	set.StringArrayVar(&t.extra, "param", nil, "any other S2S parameter as k=v; may be repeated")
	set.StringVar(&t.createdAt, "created-at", "", "when it happened, in seconds since 1970 or RFC 3339 (default: now)")
	set.StringVar(&t.key, "idempotency-key", "", "hand over at most one package with this key")
	if t.path == "session" {
		return
	}
	set.StringVar(&t.revenue, "revenue", "", "revenue in full units, such as 1.99")
	set.StringVar(&t.currency, "currency", "", "currency of the revenue, such as EUR")
	if t.path == "event" {
		set.StringVar(&t.eventToken, "event-token", "", "event token, such as abc123 (required)")
		set.StringVar(&t.callbackID, "callback-id", "", "your own id, which scripts get back as callbackId")
		set.StringVar(&t.dedupID, "deduplication-id", "", "count at most one event with this id")
	} else {
		set.StringVar(&t.source, "source", t.source, "source of the ad revenue")
		set.IntVar(&t.impressions, "impressions", 1, "how many impressions the revenue is for")
	}
}

func (t *tracking) run(ctx context.Context, out io.Writer) error {
	if t.needsToken && t.eventToken == "" {
		return command.Usage(errors.New("--event-token is missing, such as --event-token abc123"))
	}
	if t.needsRevenue && (t.revenue == "" || t.currency == "") {
		return command.Usage(errors.New("--revenue and --currency are needed, such as --revenue 0.01 --currency EUR"))
	}
	form, err := t.form()
	if err != nil {
		return command.Usage(err)
	}
	if err := t.fill(ctx, form); err != nil {
		return err
	}
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	if t.key != "" {
		header["Idempotency-Key"] = t.key
	}
	answer, err := t.client.Post(ctx, "/"+t.path, header, []byte(form.Encode()))
	if err != nil {
		return err
	}
	again := ""
	if answer.Get("Idempotency-Replayed") == "true" {
		again = " before; nothing new was queued"
	}
	_, err = fmt.Fprintf(out, "accepted %s%s\n", terminal.OneLine(answer.Get("X-Trackhook-Id")), again)
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
	if t.path == "ad_revenue" && form.Get("ad_impressions_count") == "" {
		form.Set("ad_impressions_count", strconv.Itoa(t.impressions))
	}
	if t.createdAt != "" {
		name := "created_at"
		if _, err := strconv.ParseInt(t.createdAt, 10, 64); err == nil {
			name = "created_at_unix"
		}
		form.Set(name, t.createdAt)
	}
	return form, t.setParams(form)
}

// setParams adds the callback and the partner parameters, each of which is one S2S parameter that holds JSON.
func (t *tracking) setParams(form url.Values) error {
	for _, given := range []struct {
		name, flag string
		values     []string
	}{{"callback_params", "--callback-param", t.callback}, {"partner_params", "--partner-param", t.partner}} {
		pairs, err := pairsOf(given.flag, given.values)
		if err != nil {
			return err
		}
		if len(pairs) > 0 {
			text, err := json.Marshal(pairs)
			if err != nil {
				return err
			}
			form.Set(given.name, string(text))
		}
	}
	return nil
}

// fill asks the host for what was not typed: its app, and its own device.
func (t *tracking) fill(ctx context.Context, form url.Values) error {
	if form.Get("app_token") != "" && form.Get("environment") != "" && len(t.device) > 0 {
		return nil
	}
	host, err := t.client.Admin().Host(ctx)
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
		return command.Usage(errors.New("--device is missing, such as --device gps_adid=...; the host has no device of its own"))
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
