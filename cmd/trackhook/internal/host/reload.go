package host

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/site"
)

// DefaultSecretPoll is how often files with secrets are compared with what was read of them.
const DefaultSecretPoll = 2 * time.Second

// inForce is what a host works with at a moment, of what can be replaced while it runs.
type inForce struct {
	settings config.Config
	secrets  secrets
	rules    rulesFile
	// certificates tells one content of the CA file from another.
	certificates [sha256.Size]byte
}

// Reload reads the configuration again, and puts in force what can be replaced while the host runs. An error means that
// nothing was changed; it says what is wrong and where. Both are logged as well. Packages in flight end with what they
// began with. It may be called from many goroutines at once, while [Host.Serve] runs.
func (h *Host) Reload() (admin.Reloaded, error) {
	h.reloading.Lock()
	defer h.reloading.Unlock()
	h.tellReloading()
	status := h.status()
	report, err := h.reload()
	defer func() { h.tellReady(status) }()
	if err != nil {
		status += "; the configuration was not reloaded: " + err.Error()
		h.log.Error().Err(err).Msg("the configuration is not reloaded, and everything stays as it is")
	}
	return report, err
}

func (h *Host) reload() (admin.Reloaded, error) {
	if h.again == nil {
		return admin.Reloaded{}, errors.New("this host was started without a way to read its configuration again")
	}
	now := h.inForce.Load()
	wanted, err := h.again()
	if err != nil {
		return admin.Reloaded{}, err
	}
	settings, report := now.settings.Reload(&wanted)
	next := &inForce{settings: settings, certificates: now.certificates}
	renewed, err := h.secure.changed()
	if err != nil {
		return admin.Reloaded{}, err
	}
	if renewed != nil {
		report.Changed = append(report.Changed, contentChanged("tls.cert_file"))
	}
	if next.secrets, err = readSecrets(&settings); err != nil {
		return admin.Reloaded{}, err
	}
	if next.rules, err = readRules(settings.Rules); err != nil {
		return admin.Reloaded{}, asMistake(err)
	}
	if now.rules.path == next.rules.path && !now.rules.same(&next.rules) {
		report.Changed = append(report.Changed, contentChanged("rules"))
	}
	if file := settings.CAFile; file != "" && digest(file) != now.certificates {
		_, why := config.Live("ca_file")
		report.Kept = append(report.Kept, admin.KeptSetting{Key: "ca_file", Value: "the old content", Wanted: "the new content", Why: why})
	}
	err = h.adopt(now, next, &report)
	if err == nil && renewed != nil {
		h.secure.put(renewed)
		h.tellRenewed()
	}
	if err == nil {
		h.tell(now, &report)
	}
	return report, err
}

// contentChanged is a change of a file that keeps its name.
func contentChanged(key string) admin.ChangedSetting {
	return admin.ChangedSetting{Key: key, From: "the old content", To: "the new content"}
}

// digest tells one content of a file from another.
func digest(file string) [sha256.Size]byte {
	text, err := os.ReadFile(file)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(text)
}

// adopt puts next in force, after everything in it was checked, and adds the secrets that have changed to the report.
func (h *Host) adopt(now, next *inForce, report *admin.Reloaded) error {
	settings := &next.settings
	tokens, err := next.secrets.tokens(h.settings.Listen)
	if err != nil {
		return err
	}
	hosts, err := site.NewHosts(h.settings.Listen, settings.AllowedHosts...)
	if err != nil {
		return &config.Error{Err: err}
	}
	pages, err := settings.API.Pages()
	if err != nil {
		return err
	}
	grants, err := settings.Grants(os.LookupEnv)
	if err != nil {
		return err
	}
	deliver, err := h.deliverer.Reconfigure(h.adjustConfig(next))
	if err != nil {
		return asMistake(err)
	}
	reschedule, err := h.engine.Reschedule(settings.Retry.Schedule())
	if err != nil {
		return mistake(err)
	}
	regrant, err := h.scripts.Regrant(grants, settings.RunTimeout)
	if err != nil {
		return asMistake(err)
	}

	keys, apps := now.secrets.changed(&next.secrets, settings)
	for _, key := range keys {
		// Where the name of the file is another, that is told already.
		if !slices.ContainsFunc(report.Changed, func(c admin.ChangedSetting) bool { return c.Key == key }) {
			report.Changed = append(report.Changed, contentChanged(key))
		}
	}
	deliver()
	reschedule()
	regrant()
	h.packages.SetTokens(tokens)
	h.packages.SetPages(pages)
	if before := h.tokens.Swap(&tokens); len(tokens) == 0 && before != nil && len(*before) > 0 {
		h.log.Warn().Msg("no token is needed any more: whoever reaches this host may send and operate it")
	}
	h.answerTo(hosts)
	h.inForce.Store(next)
	h.engine.Renew(apps...)
	return nil
}

// tell says in the log what a reload has changed, and changes the level of the log: it says so by the one that shows more.
func (h *Host) tell(before *inForce, report *admin.Reloaded) {
	from, to := before.settings.LogLevel, h.inForce.Load().settings.LogLevel
	level := func() {
		if from != to && h.setLogLevel != nil {
			h.setLogLevel(to)
		}
	}
	wider := levelOf(to) < levelOf(from)
	if wider {
		level()
	}
	keys := make([]string, len(report.Changed))
	for i := range report.Changed {
		keys[i] = report.Changed[i].Key
	}
	if len(keys) > 0 {
		h.log.Info().Strs("changed", keys).Msg("the configuration was read again")
	} else {
		h.log.Info().Msg("the configuration was read again, and nothing was changed")
	}
	for _, kept := range report.Kept {
		h.log.Warn().Str("key", kept.Key).Str("value", kept.Value).Str("wanted", kept.Wanted).Str("why", kept.Why).
			Msg("this setting keeps its value")
	}
	if !wider {
		level()
	}
}

func levelOf(word string) zerolog.Level {
	level, err := zerolog.ParseLevel(word)
	if err != nil {
		return zerolog.Disabled
	}
	return level
}

// follow reloads whenever it is asked to, and reads secrets again when their files have changed, until ctx ends.
func (h *Host) follow(ctx context.Context) error {
	poll := time.NewTimer(engine.UntilTick(h.secretPoll))
	defer poll.Stop()
	var doubt *secrets
	failed, told := "", ""
	var certificate followed
	compares := time.NewTicker(compareEvery)
	defer compares.Stop()
	var versions comparison
	h.compare(ctx, &versions)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-h.asked:
			_, _ = h.Reload() // the log has it
			doubt = nil
		case <-compares.C:
			h.compare(ctx, &versions)
		case <-poll.C:
			poll.Reset(engine.UntilTick(h.secretPoll))
			certificate.poll(h)
			var err error
			doubt, err = h.pollSecrets(doubt)
			switch {
			case err == nil && doubt == nil:
				failed, told = "", ""
			case err == nil: // whether it can be used is not known yet
			case err.Error() != failed:
				failed = err.Error() // a file that is half written, perhaps
			case failed != told:
				told = failed
				h.log.Warn().Err(err).Msg("secrets cannot be read again; those that were read before stay in force")
			}
		}
	}
}

// pollSecrets compares files with secrets with what is in force. doubt is what the last call has found and not believed: a
// file may be half written, so a difference counts when it is found twice.
func (h *Host) pollSecrets(doubt *secrets) (found *secrets, err error) {
	h.reloading.Lock()
	defer h.reloading.Unlock()
	now := h.inForce.Load()
	if !inFiles(&now.settings) {
		return nil, nil
	}
	read, err := readSecrets(&now.settings)
	if err != nil {
		return nil, err
	}
	if keys, _ := now.secrets.changed(&read, &now.settings); len(keys) == 0 {
		return nil, nil
	}
	if doubt == nil {
		return &read, nil
	}
	if keys, _ := doubt.changed(&read, &now.settings); len(keys) > 0 {
		return &read, nil
	}
	next, report := *now, admin.Reloaded{}
	next.secrets = read
	if err := h.adopt(now, &next, &report); err != nil {
		return nil, err
	}
	h.tell(now, &report)
	return nil, nil
}
