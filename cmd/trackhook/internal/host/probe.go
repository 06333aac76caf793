package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// probeApp has an app of this host tried now.
func (h *Host) probeApp(ctx context.Context, named admin.ProbedApp) (admin.Probe, error) {
	var apps []engine.App
	var names, all []string
	for _, app := range h.apps {
		all = append(all, app.String())
		if (named.AppToken == "" || named.AppToken == app.Token) && (named.Environment == "" || named.Environment == string(app.Environment)) {
			apps, names = append(apps, app), append(names, app.String())
		}
	}
	switch {
	case len(apps) == 0:
		return admin.Probe{}, absent("no such app is configured", all)
	case len(apps) > 1:
		return admin.Probe{}, fmt.Errorf("the host has several such apps: %s: %w", strings.Join(names, ", "), admin.ErrProbeUnclear)
	}
	probed, err := h.engine.Probe(ctx, apps[0])
	if err != nil {
		return admin.Probe{}, err
	}
	made := admin.MakeProbe(&probed)
	made.AppToken, made.Environment = apps[0].Token, string(apps[0].Environment)
	return made, nil
}

// probeEndpoint has a server tried now that this host sends to.
func (h *Host) probeEndpoint(ctx context.Context, named string) (admin.Probe, error) {
	var found, all []string
	for _, app := range h.apps {
		for _, kind := range engine.Kinds() {
			name := h.gate.Endpoint(app, kind)
			if slices.Contains(all, name) {
				continue
			}
			all = append(all, name)
			_, host, _ := strings.Cut(name, "://")
			// Nobody means that of erasure requests without naming it.
			if plain := strings.TrimSuffix(named, "/"); plain == name || plain == host || plain == "" && kind != engine.KindGDPRForgetDevice {
				found = append(found, name)
			}
		}
	}
	switch {
	case len(found) == 0:
		return admin.Probe{}, absent("nothing is sent there", all)
	case len(found) > 1:
		return admin.Probe{}, fmt.Errorf("the host sends to several servers: %s: %w", strings.Join(found, ", "), admin.ErrProbeUnclear)
	}
	probed, err := h.engine.ProbeEndpoint(ctx, found[0], h.apps...)
	if err != nil {
		return admin.Probe{}, err
	}
	made := admin.MakeProbe(&probed)
	made.Endpoint = found[0]
	return made, nil
}

// absent is the error for what this host does not have; it has those.
func absent(why string, those []string) error {
	return absentError{errors.New(why + "; there are " + strings.Join(those, ", "))}
}

type absentError struct{ error }

func (absentError) Is(target error) bool { return target == engine.ErrNotFound }
