package bundle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"trackhook/scripting/internal/surface"
)

const (
	// hostMissing begins the name of a module that throws.
	hostMissing = "missing:"
	// hostSelf is the plugin's first file, as what it requires finds it: a classic script that is running.
	hostSelf = "self"
)

// handsetSource is the text of the module: each method says that it does nothing.
func handsetSource(m surface.HandsetModule) string {
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "export const %s = {", m.Object)
	for _, name := range m.Methods {
		_, _ = fmt.Fprintf(&text, " %[2]s() { console.debug(\"%[1]s.%[2]s does nothing on this host\"); },", m.Object, name)
	}
	_, _ = fmt.Fprintf(&text, " };\nexport default %s;\n", m.Object)
	return text.String()
}

// promisingAdjust is the text of an object Adjust whose questions are answered with a promise where no callback is given.
func promisingAdjust() string {
	names := surface.Questions()
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quoteJS(name)
	}
	return `export const Adjust = /* @__PURE__ */ ((own) => Object.create(own, Object.fromEntries([` + strings.Join(quoted, ", ") + `].map((name) => [name, {
  value: (...values) => typeof values[values.length - 1] === "function" ? own[name](...values) : new Promise((resolve) => own[name](...values, resolve)),
  writable: true, configurable: true, enumerable: true,
}]))))(globalThis.Adjust);
`
}

// isHostModule tells whether the host provides a module: one of HostModules or of HandsetModules, or one class of the
// Cordova plugin, such as com.adjust.sdk.AdjustEvent.
func isHostModule(name string) bool {
	_, ok := surface.HostModules()[name]
	if slices.Contains(surface.PromisingModules(), name) {
		return true
	}
	if _, needsHandset := surface.HandsetModules()[name]; needsHandset {
		return true
	}
	_, isClass := hostClass(name)
	return ok || isClass
}

// hostClass returns the global that the module of one class is.
func hostClass(module string) (string, bool) {
	name, ok := strings.CutPrefix(module, surface.CordovaModule+".")
	return name, ok && slices.Contains(surface.Exports(), name)
}

// wrongPackages are wrappers of the SDK for other platforms, with what to use instead.
func wrongPackages() map[string]string {
	const instead = "write import { Adjust, AdjustConfig } from \"react-native-adjust\", or use the globals of these names"
	return map[string]string{
		"nativescript-adjust": instead, "cordova-plugin-adjust": instead, "@adjustcom/adjust-web-sdk": instead,
	}
}

// noInterface says what to do about packages that show something to a user.
const noInterface = "a host has no user interface: leave out what is shown, and keep the calls of Adjust and its listeners in a file that imports none of it"

// showsSomething tells packages that are there to show something to a user. Others of the same families keep values or make
// identifiers, so only two families are told by how their names begin.
func showsSomething(name string) bool {
	switch name {
	case "react", "react-dom", "react-native", "preact", "vue", "svelte", "solid-js", "jquery", "expo", "nativescript", "react-navigation",
		"@angular/core":
		return true
	}
	return strings.HasPrefix(name, "@react-navigation/") || strings.HasPrefix(name, "@ionic/")
}

// handsetOnly says of packages that they are made for a handset, where they may do without one.
const handsetOnly = "it is made for a handset, by its name; what of it asks the device does not work here"

// isForHandset tells packages that are made for apps on a handset, by their names.
func isForHandset(name string) bool {
	return slices.ContainsFunc([]string{
		"react-native-", "expo-", "@react-native", "@expo/", "@nativescript/", "@ionic-native/", "@awesome-cordova-plugins/", "cordova-plugin-",
	}, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// builtin finds a module of Node, by its name with or without node:, with what to do instead where it cannot exist.
func (r *resolver) builtin(name string) (instead string, ok bool) {
	if r.o.Node == nil {
		return "", false
	}
	return r.o.Node(strings.TrimPrefix(name, "node:"))
}

// nodeName finds a module of Node for the file that asks for it. What cannot exist is told the author at once; a package
// may have it for what it does elsewhere.
func (r *resolver) nodeName(q importRequest) (resolution, bool) {
	name := strings.TrimPrefix(q.name, "node:")
	instead, ok := r.builtin(name)
	if !ok {
		return resolution{}, false
	}
	if instead == "" || inNodeModules(q.dir) {
		r.noteNode()
		return resolution{name: q.name, host: "node:" + name}, true
	}
	return unresolved(q.name, "the module %q of Node does not exist here: %s", name, instead), true
}

// nodeModule finds a module of Node by its name with node: before it.
func (r *resolver) nodeModule(q importRequest) resolution {
	f, ok := r.nodeName(q)
	if !ok {
		f = unresolved(q.name, "the module %q of Node does not exist here", q.name)
	}
	return f
}

// NodeGlobal is the function that bundled code gets modules of Node from, by their names.
const NodeGlobal = "trackhook:node"

// loadHostModule writes the text of a module that is no file.
func (b *bundler) loadHostModule(args api.OnLoadArgs) (api.OnLoadResult, error) {
	var text strings.Builder
	node, isNode := strings.CutPrefix(args.Path, "node:")
	switch {
	case args.Path == hostSelf:
		text.WriteString("module.exports = globalThis.module.exports;")
	case strings.HasPrefix(args.Path, hostMissing):
		message, _ := args.PluginData.(string)
		_, _ = fmt.Fprintf(&text, "throw Object.assign(new Error(%s), { code: \"MODULE_NOT_FOUND\" });", quoteJS(message))
	case isNode:
		_, _ = fmt.Fprintf(&text, "module.exports = globalThis[%s](%s);", quoteJS(NodeGlobal), quoteJS(node))
	default:
		if class, ok := hostClass(args.Path); ok {
			_, _ = fmt.Fprintf(&text, "module.exports = globalThis.%s;", class)
			break
		}
		if module, ok := surface.HandsetModules()[args.Path]; ok {
			text.WriteString(handsetSource(module))
			break
		}
		names := surface.HostModules()[args.Path]
		if slices.Contains(surface.PromisingModules(), args.Path) {
			text.WriteString(promisingAdjust())
			names = slices.DeleteFunc(surface.Exports(), func(name string) bool { return name == "Adjust" })
		}
		if args.Path == surface.TestModule {
			names = surface.TestExports()
		}
		for _, name := range names {
			_, _ = fmt.Fprintf(&text, "export const %[1]s = /* @__PURE__ */ (() => globalThis.%[1]s)();\n", name)
		}
	}
	source := text.String()
	return api.OnLoadResult{Contents: &source, Loader: api.LoaderJS}, nil
}
