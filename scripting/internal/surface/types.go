package surface

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// typesText is what Types returns.
//
//go:embed trackhook.d.ts
var typesText string

// Types returns trackhook.d.ts: TypeScript declarations of everything that a script finds, with its documentation.
func Types() string { return typesText }

// jsconfig tells editors that a plugins folder is plain JavaScript for this host, and not for a browser. Who asks for checks
// gets the same ones of every version of TypeScript, and those that JavaScript without types can pass.
const jsconfig = `{
  "compilerOptions": {
    "allowJs": true,
    "checkJs": false,
    "lib": ["es2022"],
    "module": "esnext",
    "moduleDetection": "force",
    "moduleResolution": "bundler",
    "noEmit": true,
    "noImplicitAny": false,
    "resolveJsonModule": true,
    "skipLibCheck": true,
    "strict": true,
    "target": "es2022",
    "types": [],
    "useUnknownInCatchVariables": false
  },
  "include": ["**/*"],
  "exclude": ["**/node_modules"]
}
`

// WriteEditorFiles writes trackhook.d.ts and jsconfig.json into a plugins folder, so that editors complete and explain
// what scripts can use. It creates the folder where there is none. trackhook.d.ts is replaced, jsconfig.json is left
// alone where there is one, or a tsconfig.json. The names of the files that were written are returned, also with an
// error.
func WriteEditorFiles(dir string) (written []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("create the plugins folder: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "trackhook.d.ts"), []byte(typesText), 0o644); err != nil { //nolint:gosec // meant to be read
		return nil, fmt.Errorf("write the types: %w", err)
	}
	written = []string{"trackhook.d.ts"}
	if _, err := os.Stat(filepath.Join(dir, "tsconfig.json")); err == nil {
		return written, nil
	}
	f, err := os.OpenFile(filepath.Join(dir, "jsconfig.json"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // meant to be read
	if errors.Is(err, fs.ErrExist) {
		return written, nil
	}
	if err != nil {
		return written, fmt.Errorf("write the editor's configuration: %w", err)
	}
	_, err = f.WriteString(jsconfig)
	if err := errors.Join(err, f.Close()); err != nil {
		return written, fmt.Errorf("write the editor's configuration: %w", err)
	}
	return append(written, "jsconfig.json"), nil
}

// generateTypes makes the text of trackhook.d.ts.
func generateTypes() string {
	var b strings.Builder
	b.WriteString("// Code generated from scripting/surface*.go. DO NOT EDIT.\n\n" +
		"/// <reference lib=\"es2022\" />\n\n" +
		"type AdjustEnvironment = \"sandbox\" | \"production\";\n" +
		"type AdjustLogLevel = \"VERBOSE\" | \"DEBUG\" | \"INFO\" | \"WARN\" | \"ERROR\" | \"ASSERT\" | \"SUPPRESS\";\n" +
		"/** A link as text. Its properties uri and deeplink are the text, as React Native's SDK has them. */\n" +
		"type AdjustDeferredDeeplink = string & { readonly uri: string; readonly deeplink: string };\n")
	for _, entry := range list() {
		b.WriteString("\n")
		entry.write(&b)
	}
	b.WriteString("\n" + surfaceWeb())
	names := Exports()
	b.WriteString("\ndeclare module \"react-native-adjust\" {\n")
	exports := make([]string, 0, len(names))
	for _, name := range names {
		_, _ = fmt.Fprintf(&b, "  const _%[1]s: typeof %[1]s;\n", name)
		if isTypeName(name) {
			_, _ = fmt.Fprintf(&b, "  type _%[1]s = %[1]s;\n", name)
		}
		exports = append(exports, "_"+name+" as "+name)
	}
	_, _ = fmt.Fprintf(&b, "  export { %s };\n", strings.Join(exports, ", "))
	for _, entry := range list() {
		if entry.kind == typeOnly {
			_, _ = fmt.Fprintf(&b, "  type _%[1]s = %[1]s;\n  export type { _%[1]s as %[1]s };\n", entry.name)
		}
	}
	b.WriteString("}\n")
	for _, name := range slices.Sorted(maps.Keys(HostModules())) {
		if name != "react-native-adjust" {
			_, _ = fmt.Fprintf(&b, "declare module %q {\n  export * from \"react-native-adjust\";\n", name)
			for _, extra := range HostModules()[name][len(names):] {
				_, _ = fmt.Fprintf(&b, "  const _%[1]s: typeof %[1]s;\n  export { _%[1]s as %[1]s };\n", extra)
			}
			b.WriteString("}\n")
		}
	}
	writePromising(&b)
	for _, name := range slices.Sorted(maps.Keys(HandsetModules())) {
		module := HandsetModules()[name]
		_, _ = fmt.Fprintf(&b, "declare module %q {\n  /** Needs a handset, and does nothing here. */\n  export const %s: {", name, module.Object)
		for _, method := range module.Methods {
			_, _ = fmt.Fprintf(&b, " %s(): void;", method)
		}
		_, _ = fmt.Fprintf(&b, " };\n  export default %s;\n}\n", module.Object)
	}
	b.WriteString("\n" + surfaceTests + "declare module \"trackhook/test\" {\n")
	exports = exports[:0]
	for _, name := range TestExports() {
		_, _ = fmt.Fprintf(&b, "  const _%[1]s: typeof %[1]s;\n", name)
		exports = append(exports, "_"+name+" as "+name)
	}
	_, _ = fmt.Fprintf(&b, "  export { %s };\n}\n", strings.Join(exports, ", "))
	return b.String()
}

// writePromising writes the modules whose object Adjust answers with promises.
func writePromising(b *strings.Builder) {
	b.WriteString("/** Adjust as Ionic's wrapper of the SDK has it: what is asked without a callback is answered with a promise. */\n" +
		"type AdjustWithPromises = AdjustStatic & {\n")
	for _, member := range surfaceAdjust()[0].members {
		if arguments, answer, ok := question(&member); ok {
			_, _ = fmt.Fprintf(b, "  %s(%s): Promise<%s>;\n", member.name(), arguments, answer)
		}
	}
	b.WriteString("};\n")
	for _, name := range PromisingModules() {
		_, _ = fmt.Fprintf(b, "declare module %q {\n  export * from \"react-native-adjust\";\n"+
			"  const _Adjust: AdjustWithPromises;\n  export { _Adjust as Adjust };\n}\n", name)
	}
}

// isTypeName tells whether a global is also the name of a type.
func isTypeName(name string) bool {
	return name == "AdjustEnvironment" || name == "AdjustLogLevel" || slices.ContainsFunc(list(), func(e entry) bool {
		return e.name == name && e.kind == class
	})
}

func (e *entry) write(b *strings.Builder) {
	writeDoc(b, "", e.doc, e.flags, sdkAny)
	switch e.kind {
	case class:
		_, _ = fmt.Fprintf(b, "declare class %s {\n", e.name)
	case object:
		_, _ = fmt.Fprintf(b, "declare var %[1]s: %[1]sStatic;\ninterface %[1]sStatic {\n", e.name)
	case typeOnly:
		extends := ""
		if e.extends != "" {
			extends = " extends " + e.extends
		}
		_, _ = fmt.Fprintf(b, "interface %s%s {\n", e.name, extends)
	}
	for i := range e.create {
		writeDoc(b, "  ", e.create[i].doc, e.create[i].flags, e.flags)
		_, _ = fmt.Fprintf(b, "  constructor(%s);\n", e.create[i].declaration)
	}
	for i := range e.members {
		writeDoc(b, "  ", e.members[i].doc, e.members[i].flags, e.flags)
		_, _ = fmt.Fprintf(b, "  %s;\n", e.members[i].declaration)
	}
	b.WriteString("}\n")
}

// writeDoc writes a comment; it says only of the flags what the owner's do not.
func writeDoc(b *strings.Builder, indent, doc string, flags, owner flags) {
	if flags&needsHandset != 0 {
		doc += " It needs a handset, and does nothing here."
	}
	if flags&isIdle != 0 {
		doc += " It does nothing here."
	}
	if flags&isRefused != 0 {
		doc += " This host does not support it: a warning is logged, and Adjust is not told."
	}
	if flags&sdkAny != owner&sdkAny {
		switch flags & sdkAny {
		case sdk4:
			doc += " (SDK version 4)"
		case sdk5:
			doc += " (SDK version 5)"
		default: // of both, or of none
		}
	}
	if flags&hostOnly != 0 && owner&hostOnly == 0 {
		doc += " (Trackhook)"
	}
	if flags&isDeprecated != 0 {
		doc = "@deprecated " + doc
	}
	_, _ = fmt.Fprintf(b, "%s/** %s */\n", indent, doc)
}
