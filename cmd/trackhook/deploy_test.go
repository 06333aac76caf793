package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
)

const deployDir = "../../examples/deploy"

func deployFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deployDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// takes fails unless the binary takes a command line.
func takes(t *testing.T, where string, args ...string) {
	t.Helper()
	cmd, rest, err := newRoot().Find(args)
	if err != nil || !cmd.HasParent() || cmd.HasSubCommands() {
		t.Errorf("%s: %v is no command: %v", where, args, err)
		return
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Errorf("%s: %v: %v", where, args, err)
	} else if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
		t.Errorf("%s: %v: %v", where, args, err)
	}
}

// isVariable fails unless a variable of the environment sets something.
func isVariable(t *testing.T, where, name string) {
	t.Helper()
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	config.Bind(set, "")
	found := false
	set.VisitAll(func(f *pflag.Flag) { found = found || config.EnvName(f.Name) == name })
	if !found {
		t.Errorf("%s: %s sets nothing", where, name)
	}
}

// isConfiguration fails unless a text is a configuration that a host could run with, but for its secrets.
func isConfiguration(t *testing.T, where, text string) config.Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trackhook.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags := config.Bind(set, "")
	if err := set.Parse([]string{"--config", file}); err != nil {
		t.Fatal(err)
	}
	cfg, err := flags.Load(func(name string) (string, bool) { return "/run/credentials/trackhook", name == "CREDENTIALS_DIRECTORY" })
	if err != nil {
		t.Errorf("%s: %v", where, err)
	}
	return cfg
}

// listens fails unless the scripts of a folder load and listen.
func listens(t *testing.T, where, dir string) {
	t.Helper()
	root := newRoot()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs([]string{"plugin", "check", "--plugins", dir})
	if err := root.Execute(); err != nil || strings.Contains(out.String(), "warn") {
		t.Errorf("%s: %v\n%s", where, err, &out)
	}
}

// unit reads the settings of a unit, by section and key.
func unit(t *testing.T, text string) map[string][]string {
	t.Helper()
	settings := map[string][]string{}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, isSection := strings.CutPrefix(line, "[")
		key, value, ok := strings.Cut(line, "=")
		switch {
		case line == "" || line[0] == '#':
		case isSection:
			section = strings.TrimSuffix(name, "]")
		case !ok:
			t.Errorf("the unit has a line %q", line)
		default:
			settings[section+"."+key] = append(settings[section+"."+key], value)
		}
	}
	return settings
}

func TestUnit(t *testing.T) {
	text := deployFile(t, "trackhook.service")
	settings := unit(t, text)
	start := strings.Fields(settings["Service.ExecStart"][0])
	takes(t, "ExecStart", start[1:]...)
	for _, pair := range settings["Service.Environment"] {
		name, _, _ := strings.Cut(pair, "=")
		isVariable(t, "Environment", name)
	}
	cfg := isConfiguration(t, "trackhook.yaml", deployFile(t, "trackhook.yaml"))
	for _, named := range []string{cfg.Apps[0].AuthTokenFile, cfg.API.TokensFile} {
		name, ok := strings.CutPrefix(filepath.ToSlash(named), "/run/credentials/trackhook/")
		if loaded := slices.ContainsFunc(settings["Service.LoadCredential"], func(c string) bool { return strings.HasPrefix(c, name+":") }); !ok || !loaded {
			t.Errorf("the configuration names %s, and the unit loads %v", named, settings["Service.LoadCredential"])
		}
	}
	for key, want := range map[string]string{"Type": "notify", "WatchdogSec": "30s", "ExecReload": "/bin/kill -HUP $MAINPID", "Restart": "on-failure"} {
		if got := settings["Service."+key]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %v", key, got)
		}
	}
	t.Run("systemd-analyze", func(t *testing.T) { analyze(t, strings.ReplaceAll(text, start[0], os.Args[0])) })
}

// analyze lets systemd look at the unit.
func analyze(t *testing.T, text string) {
	t.Helper()
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not here; the unit's settings were read, and systemd itself did not look at them")
	}
	file := filepath.Join(t.TempDir(), "trackhook.service")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), tool, "verify", "--man=no", file).CombinedOutput(); err != nil || bytes.Contains(said, []byte("trackhook.service")) {
		t.Errorf("verify: %v\n%s", err, said)
	}
	// Of 100; it is what systemd calls OK.
	said, err := exec.CommandContext(t.Context(), tool, "security", "--no-pager", "--offline=yes", "--threshold=15", file).CombinedOutput()
	switch {
	case bytes.Contains(said, []byte("unrecognized option")):
		t.Skip("this systemd cannot weigh a unit that is not loaded")
	case err != nil:
		t.Errorf("security: %v\n%s", err, said)
	}
}

// instruction is one of a Dockerfile, with its arguments.
type instruction struct{ name, rest string }

func dockerfile(t *testing.T) (all []instruction) {
	t.Helper()
	for line := range strings.Lines(deployFile(t, "Dockerfile")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		all = append(all, instruction{name, strings.TrimSpace(rest)})
	}
	return all
}

func TestDockerfile(t *testing.T) {
	stages := []string{}
	variables := map[string]string{}
	var entry, args, health []string
	user := ""
	for _, one := range dockerfile(t) {
		switch one.name {
		case "FROM":
			words := strings.Fields(one.rest)
			if at := slices.Index(words, "AS"); at >= 0 {
				stages = append(stages, words[at+1])
			}
		case "COPY":
			if from, ok := strings.CutPrefix(strings.Fields(one.rest)[0], "--from="); ok && !slices.Contains(stages, from) {
				t.Errorf("COPY from %q, and there are the stages %v", from, stages)
			}
		case "RUN":
			if _, path, ok := strings.Cut(one.rest, "/out/trackhook ./"); ok {
				if _, err := os.Stat(filepath.Join("../..", strings.Fields(path)[0])); err != nil {
					t.Error(err)
				}
			}
		case "ENV":
			for pair := range strings.FieldsSeq(one.rest) {
				name, value, _ := strings.Cut(pair, "=")
				isVariable(t, "ENV", name)
				variables[name] = value
			}
		case "USER":
			user = one.rest
		case "ENTRYPOINT":
			entry = list(t, one.rest)
		case "CMD":
			args = list(t, one.rest)
		case "HEALTHCHECK":
			_, command, _ := strings.Cut(one.rest, "CMD ")
			health = list(t, command)
		case "WORKDIR", "VOLUME", "EXPOSE":
		default:
			t.Errorf("%s is no instruction that is known here", one.name)
		}
	}
	if !strings.HasPrefix(user, "65532") || !slices.Equal(entry, []string{"/trackhook"}) || len(health) == 0 || health[0] != entry[0] {
		t.Errorf("user %q, entry %v, health %v", user, entry, health)
	}
	takes(t, "CMD", args...)
	takes(t, "HEALTHCHECK", health[1:]...)
	if variables["TRACKHOOK_LISTEN"] != "0.0.0.0:8787" {
		t.Errorf("the image listens at %s", variables["TRACKHOOK_LISTEN"])
	}
	isConfiguration(t, "container.yaml", deployFile(t, "container.yaml"))
	listens(t, "plugins", filepath.Join(deployDir, "plugins"))
}

// list reads the JSON form of a command.
func list(t *testing.T, text string) (words []string) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), &words); err != nil {
		t.Errorf("%s: %v", text, err)
	}
	return words
}

// composition is what compose.yaml may hold.
type composition struct {
	Services map[string]struct {
		Build struct {
			Context    string `yaml:"context"`
			Dockerfile string `yaml:"dockerfile"`
		} `yaml:"build"`
		Image       string                            `yaml:"image"`
		ReadOnly    bool                              `yaml:"read_only"`
		CapDrop     []string                          `yaml:"cap_drop"`
		SecurityOpt []string                          `yaml:"security_opt"`
		Restart     string                            `yaml:"restart"`
		Grace       string                            `yaml:"stop_grace_period"`
		Ports       []string                          `yaml:"ports"`
		Volumes     []string                          `yaml:"volumes"`
		Configs     []struct{ Source, Target string } `yaml:"configs"`
		Secrets     []string                          `yaml:"secrets"`
	} `yaml:"services"`
	Configs map[string]struct{ File string } `yaml:"configs"`
	Secrets map[string]struct{ File string } `yaml:"secrets"`
	Volumes map[string]struct{}              `yaml:"volumes"`
}

func TestCompose(t *testing.T) {
	var all composition
	if err := yaml.UnmarshalWithOptions([]byte(deployFile(t, "compose.yaml")), &all, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	s, ok := all.Services["trackhook"]
	if !ok || !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
		t.Errorf("the service is %+v", s)
	}
	if _, err := os.Stat(filepath.Join(deployDir, s.Build.Context, s.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	for _, volume := range s.Volumes {
		name, _, _ := strings.Cut(volume, ":")
		if _, named := all.Volumes[name]; named {
			continue
		}
		if _, err := os.Stat(filepath.Join(deployDir, name)); err != nil || !strings.HasPrefix(name, "./") {
			t.Errorf("the volume %q is neither named nor there: %v", name, err)
		}
	}
	for file, line := range map[string]string{
		filepath.Join(deployDir, "Dockerfile.dockerignore"): "examples/deploy/secrets", "../../.gitignore": "/examples/deploy/secrets/",
	} {
		if text, err := os.ReadFile(file); err != nil || !slices.Contains(strings.Split(string(text), "\n"), line) {
			t.Errorf("%s does not keep the secrets out: %v", file, err)
		}
	}
	env := map[string]string{}
	for _, one := range dockerfile(t) {
		for pair := range strings.FieldsSeq(one.rest) {
			if name, value, ok := strings.Cut(pair, "="); ok && one.name == "ENV" {
				env[name] = value
			}
		}
	}
	for _, c := range s.Configs {
		if _, err := os.Stat(filepath.Join(deployDir, all.Configs[c.Source].File)); err != nil || c.Target != env["TRACKHOOK_CONFIG"] {
			t.Errorf("the configuration %+v: %v", c, err)
		}
	}
	cfg := isConfiguration(t, "container.yaml", deployFile(t, "container.yaml"))
	for _, file := range []string{cfg.Apps[0].AuthTokenFile, cfg.API.TokensFile} {
		name, ok := strings.CutPrefix(filepath.ToSlash(file), "/run/secrets/")
		if !ok || !slices.Contains(s.Secrets, name) || all.Secrets[name].File == "" {
			t.Errorf("the configuration names %s, and the secrets are %v", file, s.Secrets)
		}
	}
	if !strings.HasPrefix(s.Ports[0], "127.0.0.1:") || !slices.Contains(cfg.AllowedHosts, "trackhook") {
		t.Errorf("ports %v, allowed hosts %v", s.Ports, cfg.AllowedHosts)
	}
}

// manifest is what an object of kubernetes.yaml may hold.
type manifest struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct{ Name string }
	Data       map[string]string
	Spec       struct {
		ClusterIP string `yaml:"clusterIP"`
		Selector  map[string]any
		Ports     []struct {
			Name       string
			Port       int
			TargetPort string `yaml:"targetPort"`
		}
		ServiceName string `yaml:"serviceName"`
		Replicas    int
		Template    struct {
			Metadata struct{ Labels map[string]any }
			Spec     pod
		}
		VolumeClaimTemplates []struct {
			Metadata struct{ Name string }
			Spec     struct {
				AccessModes []string `yaml:"accessModes"`
				Resources   struct{ Requests map[string]string }
			}
		} `yaml:"volumeClaimTemplates"`
	}
}

type pod struct {
	AutomountServiceAccountToken  bool `yaml:"automountServiceAccountToken"`
	TerminationGracePeriodSeconds int  `yaml:"terminationGracePeriodSeconds"`
	SecurityContext               struct {
		RunAsNonRoot        bool                  `yaml:"runAsNonRoot"`
		RunAsUser           int                   `yaml:"runAsUser"`
		RunAsGroup          int                   `yaml:"runAsGroup"`
		FSGroup             int                   `yaml:"fsGroup"`
		FSGroupChangePolicy string                `yaml:"fsGroupChangePolicy"`
		SeccompProfile      struct{ Type string } `yaml:"seccompProfile"`
	} `yaml:"securityContext"`
	Containers []container
	Volumes    []struct {
		Name      string
		ConfigMap struct{ Name string } `yaml:"configMap"`
		Secret    struct {
			SecretName  string `yaml:"secretName"`
			DefaultMode int    `yaml:"defaultMode"`
		}
	}
}

type container struct {
	Name, Image string
	Args        []string
	Ports       []struct {
		Name          string
		ContainerPort int `yaml:"containerPort"`
	}
	SecurityContext struct {
		AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
		ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
		Capabilities             struct{ Drop []string }
	} `yaml:"securityContext"`
	StartupProbe   probe `yaml:"startupProbe"`
	LivenessProbe  probe `yaml:"livenessProbe"`
	ReadinessProbe probe `yaml:"readinessProbe"`
	Resources      struct{ Requests, Limits map[string]string }
	VolumeMounts   []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
		ReadOnly  bool   `yaml:"readOnly"`
	} `yaml:"volumeMounts"`
}

type probe struct {
	HTTPGet          struct{ Path, Port string } `yaml:"httpGet"`
	PeriodSeconds    int                         `yaml:"periodSeconds"`
	TimeoutSeconds   int                         `yaml:"timeoutSeconds"`
	FailureThreshold int                         `yaml:"failureThreshold"`
}

// manifests reads kubernetes.yaml, by kind and name. Fields that are not known here are mistakes.
func manifests(t *testing.T) map[string]manifest {
	t.Helper()
	all := map[string]manifest{}
	decoder := yaml.NewDecoder(strings.NewReader(deployFile(t, "kubernetes.yaml")), yaml.Strict())
	for {
		var m manifest
		err := decoder.Decode(&m)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		name := m.Kind + "/" + m.Metadata.Name
		if _, twice := all[name]; twice || m.Metadata.Name == "" {
			t.Errorf("%s is there twice, or has no name", name)
		}
		all[name] = m
	}
}

func TestKubernetes(t *testing.T) {
	all := manifests(t)
	if names := slices.Sorted(maps.Keys(all)); fmt.Sprint(names) != "[ConfigMap/trackhook-config ConfigMap/trackhook-plugins Service/trackhook StatefulSet/trackhook]" {
		t.Fatal(names)
	}
	set, service := all["StatefulSet/trackhook"], all["Service/trackhook"]
	spec := &set.Spec.Template.Spec
	labels := fmt.Sprint(set.Spec.Template.Metadata.Labels)
	if fmt.Sprint(service.Spec.Selector) != labels || fmt.Sprint(set.Spec.Selector["matchLabels"]) != labels || set.Spec.ServiceName != "trackhook" || set.Spec.Replicas != 1 {
		t.Errorf("labels %s, selectors %v and %v", labels, service.Spec.Selector, set.Spec.Selector)
	}
	c := &spec.Containers[0]
	takes(t, "args", c.Args...)
	if !spec.SecurityContext.RunAsNonRoot || !c.SecurityContext.ReadOnlyRootFilesystem || c.SecurityContext.AllowPrivilegeEscalation == nil || *c.SecurityContext.AllowPrivilegeEscalation {
		t.Errorf("%+v, %+v", spec.SecurityContext, c.SecurityContext)
	}
	for _, p := range []probe{c.StartupProbe, c.LivenessProbe, c.ReadinessProbe} {
		if p.HTTPGet.Path != "/healthz" && p.HTTPGet.Path != "/readyz" || p.HTTPGet.Port != c.Ports[0].Name {
			t.Errorf("a probe asks for %+v", p.HTTPGet)
		}
	}
	mounts := map[string]string{}
	for _, v := range spec.Volumes {
		if of := v.ConfigMap.Name; of != "" && all["ConfigMap/"+of].Kind == "" {
			t.Errorf("the volume %s is of %s, which is not here", v.Name, of)
		}
		mounts[v.Name] = ""
	}
	mounts[set.Spec.VolumeClaimTemplates[0].Metadata.Name] = ""
	for _, m := range c.VolumeMounts {
		if _, known := mounts[m.Name]; !known {
			t.Errorf("%s is mounted and not there", m.Name)
		}
		mounts[m.Name] = m.MountPath
	}
	if want := map[string]string{"data": "/data", "config": "/etc/trackhook", "secrets": "/run/secrets", "plugins": "/plugins"}; !maps.Equal(mounts, want) {
		t.Errorf("mounted are %v, want what the image and the configuration name: %v", mounts, want)
	}
	cfg := isConfiguration(t, "ConfigMap/trackhook-config", all["ConfigMap/trackhook-config"].Data["trackhook.yaml"])
	if cfg.API.TokensFile == "" || !slices.Contains(cfg.AllowedHosts, service.Metadata.Name) {
		t.Errorf("%+v, %v", cfg.API, cfg.AllowedHosts)
	}
	dir := t.TempDir()
	for name, text := range all["ConfigMap/trackhook-plugins"].Data {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	listens(t, "ConfigMap/trackhook-plugins", dir)
}

// TestDeployGuide holds the commands of the guide against the binary, and the files that it names against the folder.
func TestDeployGuide(t *testing.T) {
	text := deployFile(t, "README.md")
	lines := 0
	for _, found := range regexp.MustCompile(`(?m)(?:^|[ /])trackhook ((?:run|backup|health|reload)(?: [^\n`+"`"+`<]*)?)`).FindAllStringSubmatch(text, -1) {
		lines++
		takes(t, "README.md", strings.Fields(found[1])...)
	}
	for _, found := range regexp.MustCompile(`<arguments>(.*)</arguments>`).FindAllStringSubmatch(text, -1) {
		lines++
		takes(t, "README.md", strings.Fields(found[1])...)
	}
	if lines < 4 {
		t.Errorf("%d commands were found", lines)
	}
	for _, found := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join(deployDir, found[1])); err != nil {
			t.Error(err)
		}
	}
}
