package config

import (
	"reflect"
	"strings"
	"time"
)

// Schema is the JSON Schema of the configuration file, for editors. It is made from the settings.
func Schema() map[string]any {
	schema := schemaOf("", reflect.TypeFor[Config]())
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "Configuration of trackhook"
	return schema
}

func schemaOf(key string, t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return described(key, map[string]any{"type": "string", "pattern": `^[+-]?(0|([0-9]*\.?[0-9]+|[0-9]+\.)(ns|us|µs|ms|s|m|h))+$`})
	case t.Kind() == reflect.Struct:
		properties := map[string]any{}
		addProperties(properties, key, t)
		return map[string]any{"type": []any{"object", "null"}, "additionalProperties": false, "properties": properties}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": []any{"object", "null"}, "additionalProperties": schemaOf(key+".NAME", t.Elem())}
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return map[string]any{"type": []any{"array", "null"}, "items": schemaOf(key+"[]", t.Elem())}
	case t.Kind() == reflect.Slice:
		return described(key, map[string]any{"type": []any{"array", "null"}, "items": schemaOf("", t.Elem())})
	}
	return described(key, scalarSchema(key, t))
}

func addProperties(properties map[string]any, key string, t reflect.Type) {
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name != "" {
			properties[name] = schemaOf(strings.Trim(key+"."+name, "."), field.Type)
		} else if options == "inline" {
			addProperties(properties, key, field.Type)
		}
	}
}

func scalarSchema(key string, t reflect.Type) map[string]any {
	if t == reflect.TypeFor[InFlight]() {
		return map[string]any{"anyOf": []any{words([]string{auto}), map[string]any{"type": "integer", "minimum": 0}}}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() { //nolint:exhaustive // settings have no others
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return map[string]any{"type": "integer", "minimum": 0}
	case reflect.Float64:
		return map[string]any{"type": "number", "minimum": 0}
	}
	switch key {
	case "log_level":
		return words(LogLevels())
	case "log_format":
		return words(LogFormats())
	case "isolation", "plugins.NAME.isolation":
		return words(Isolations())
	case "apps[].environment":
		return words([]string{"sandbox", "production"})
	}
	// A text is taken as it was written, whatever else it looks like to an editor.
	return map[string]any{"type": []any{"string", "number", "boolean"}}
}

func words(list []string) map[string]any { return map[string]any{"enum": list} }

func described(key string, schema map[string]any) map[string]any {
	if m := meanings()[key]; m.text != "" {
		schema["description"] = m.text
		if m.byDefault != "" {
			schema["description"] = m.text + ". Default " + m.byDefault
		}
	}
	return schema
}
