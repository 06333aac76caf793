package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/console"
	"trackhook/engine/ingest"
	"trackhook/engine/site"
)

// object is a JSON object.
type object = map[string]any

// description is the OpenAPI file with a compiler for its schemas.
type description struct {
	doc      object
	compiler *jsonschema.Compiler
	// answered are the "METHOD PATH STATUS" that were held against it, and the pointers to headers that answers had.
	answered map[string]bool
}

const location = "https://trackhook.invalid/openapi.json"

func readDescription(t *testing.T) *description {
	t.Helper()
	text, err := yaml.YAMLToJSON(admin.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	seal(doc)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(location, doc); err != nil {
		t.Fatal(err)
	}
	return &description{doc.(object), compiler, map[string]bool{}}
}

// seal lets no object have properties that are not described. The file itself leaves that open for later hosts.
func seal(node any) {
	switch node := node.(type) {
	case object:
		_, has := node["properties"].(object)
		if _, says := node["additionalProperties"]; has && !says && node["type"] == "object" {
			node["additionalProperties"] = false
		}
		for _, child := range node {
			seal(child)
		}
	case []any:
		for _, child := range node {
			seal(child)
		}
	}
}

// at follows a path of keys, through references.
func (d *description) at(keys ...string) (node any, pointer string) {
	node = d.doc
	var way strings.Builder
	for _, key := range keys {
		node = node.(object)[key]
		way.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
		if ref, ok := node.(object); ok {
			if to, ok := ref["$ref"].(string); ok && len(ref) == 1 {
				return d.follow(to, keys[slices.Index(keys, key)+1:])
			}
		}
	}
	return node, way.String()
}

func (d *description) follow(to string, rest []string) (node any, pointer string) {
	return d.at(append(strings.Split(strings.TrimPrefix(to, "#/"), "/"), rest...)...)
}

// validate holds a value against the schema at a pointer.
func (d *description) validate(t *testing.T, what, pointer string, text []byte) {
	t.Helper()
	schema := d.schema(t, what, pointer)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Errorf("%s: %v in %s", what, err, text)
		return
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v\nin %.2000s", what, err, text)
	}
}

// schema compiles the schema at a pointer.
func (d *description) schema(t *testing.T, what, pointer string) *jsonschema.Schema {
	t.Helper()
	schema, err := d.compiler.Compile(location + "#" + strings.ReplaceAll(pointer, "{", "%7B"))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return schema
}

// methodsOf lists "METHOD PATH" of everything described.
func (d *description) methodsOf() []string {
	var all []string
	paths, _ := d.at("paths")
	for path, item := range paths.(object) {
		for method := range item.(object) {
			if method != "parameters" {
				all = append(all, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(all)
	return all
}

// keywords are what a schema may be made of here. Anything else is a slip, such as a text with a comma that is not quoted.
func keywords() []string {
	return []string{
		"$ref", "type", "description", "example", "enum", "const", "default", "pattern", "format", "minLength", "maxLength", "minimum", "maximum",
		"items", "minItems", "maxItems", "properties", "required", "additionalProperties", "oneOf", "contentEncoding",
	}
}

// The linter in .ci/run says so as well, where there is Node.
func TestDescriptionIsTidy(t *testing.T) {
	d := readDescription(t)
	text := string(marshal(t, d.doc))
	components, _ := d.at("components")
	for kind, all := range components.(object) {
		for name := range all.(object) {
			if kind != "securitySchemes" && !strings.Contains(text, `"#/components/`+kind+`/`+name+`"`) {
				t.Errorf("nothing refers to %s of %s", name, kind)
			}
		}
	}
	var walk func(where string, schema object)
	walk = func(where string, schema object) {
		for key, child := range schema {
			if !slices.Contains(keywords(), key) {
				t.Errorf("%s: %q is no keyword", where, key)
			}
			properties, _ := child.(object)
			switch {
			case key == "properties":
				for name, property := range properties {
					walk(where+"."+name, property.(object))
				}
			case key == "items", key == "additionalProperties" && properties != nil:
				walk(where+" "+key, properties)
			}
		}
	}
	schemas, _ := d.at("components", "schemas")
	for name, schema := range schemas.(object) {
		walk(name, schema.(object))
	}
	for _, route := range d.methodsOf() {
		method, path, _ := strings.Cut(route, " ")
		responses, _ := d.at("paths", path, strings.ToLower(method), "responses")
		for _, status := range []string{"421", "500"} { // whatever the request
			if responses.(object)[status] == nil && (status == "421" || !strings.HasPrefix(path, console.Path)) {
				t.Errorf("%s: %s is not described", route, status)
			}
		}
	}
}

func TestEveryRouteIsDescribed(t *testing.T) {
	d := readDescription(t)
	var served []string
	for _, route := range admin.Routes() {
		served = append(served, route.Method+" "+route.Path)
	}
	for _, path := range []string{"/session", "/event", "/ad_revenue", "/gdpr_forget_device", "/third_party_sharing", "/attribution", "/v1/packages"} {
		w := httptest.NewRecorder()
		newDoor(t, nil).ServeHTTP(w, httptest.NewRequest(http.MethodOptions, path, http.NoBody))
		for method := range strings.SplitSeq(w.Header().Get("Allow"), ", ") {
			if method != "OPTIONS" {
				served = append(served, method+" "+path)
			}
		}
	}
	w := httptest.NewRecorder()
	newConsole().ServeHTTP(w, httptest.NewRequest(http.MethodOptions, "/console/session", http.NoBody))
	for method := range strings.SplitSeq(w.Header().Get("Allow"), ", ") {
		if method != "OPTIONS" && method != "HEAD" {
			served = append(served, method+" /console/session")
		}
	}
	slices.Sort(served)
	described := d.methodsOf()
	for _, route := range served {
		if !slices.Contains(described, route) {
			t.Errorf("%s is served and not described", route)
		}
	}
	for _, route := range described {
		if !slices.Contains(served, route) {
			t.Errorf("%s is described and not served", route)
		}
	}
	// The door knows no other paths than these: what it tells people about a wrong path names them all.
	w = httptest.NewRecorder()
	newDoor(t, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/nothing", http.NoBody))
	for word := range strings.FieldsSeq(w.Body.String()[strings.Index(w.Body.String(), "the endpoints are"):]) {
		if path := strings.Trim(word, `,"}`); strings.HasPrefix(path, "/") && !slices.Contains(described, "POST "+path) && !slices.Contains(described, "GET "+path) {
			t.Errorf("%s is not described", path)
		}
	}
}

// Every route tells which parameters it takes when it is asked with an unknown one.
func TestEveryParameterIsDescribed(t *testing.T) {
	d := readDescription(t)
	h := admin.New(several().config())
	for _, route := range admin.Routes() {
		if route.Path == "/healthz" || route.Path == "/readyz" || route.Path == "/metrics" {
			continue // these ignore parameters
		}
		w := post(h, route.Method, strings.NewReplacer("{id}", "p1", "{name}", "count").Replace(route.Path)+"?unheard_of=1", `{}`)
		var answer struct{ Detail string }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 400 {
			t.Fatalf("%v: answer %d %s", route, w.Code, w.Body)
		}
		_, list, _ := strings.Cut(answer.Detail, "this takes ")
		var takes []string
		if list != "none" {
			takes = strings.Split(list, ", ")
		}
		var described []string
		operation, _ := d.at("paths", route.Path, strings.ToLower(route.Method))
		parameters, _ := operation.(object)["parameters"].([]any)
		for _, parameter := range parameters {
			p := parameter.(object)
			if ref, ok := p["$ref"].(string); ok {
				node, _ := d.follow(ref, nil)
				p = node.(object)
			}
			if p["in"] == "query" {
				described = append(described, p["name"].(string))
			}
		}
		slices.Sort(takes)
		slices.Sort(described)
		if !slices.Equal(takes, described) {
			t.Errorf("%v takes %v; described are %v", route, takes, described)
		}
	}
}

func TestExamples(t *testing.T) {
	d := readDescription(t)
	schemas, _ := d.at("components", "schemas")
	count := 0
	for _, name := range slices.Sorted(maps.Keys(schemas.(object))) {
		schema := schemas.(object)[name].(object)
		d.schema(t, "the schema "+name, "/components/schemas/"+name)
		if example, ok := schema["example"]; ok {
			count++
			d.validate(t, "the example of "+name, "/components/schemas/"+name, marshal(t, example))
		}
	}
	parameters, _ := d.at("components", "parameters")
	for name, parameter := range parameters.(object) {
		if example, ok := parameter.(object)["example"]; ok {
			count++
			d.validate(t, "the example of "+name, "/components/parameters/"+name+"/schema", marshal(t, example))
		}
	}
	if count < 30 {
		t.Errorf("only %d examples", count)
	}
	// Examples that can be sent are taken.
	line, _ := d.at("components", "schemas", "Line", "example")
	d.hold(t, newDoor(t, nil), "POST", "/v1/packages", string(marshal(t, line)), 200)
	bulk, _ := d.at("components", "schemas", "Bulk", "example")
	d.hold(t, admin.New(several().config()), "POST", "/api/v1/dead/retry", string(marshal(t, bulk)), 200)
}

func marshal(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// newConsole knows the token s3cret, and asks nobody to wait.
func newConsole() *console.Console {
	all := func() site.Access { return site.All }
	return console.New(console.Config{
		Port: "8787", Access: bearing("s3cret"), Delay: time.Millisecond,
		Token: func(secret string) (console.Grant, bool) {
			return console.Grant{Who: "alice", Access: all}, secret == "s3cret"
		},
		About: func() console.About { return console.About{Version: "v1", ReadOnly: "why"} },
	})
}

// newDoor is the intake on an engine that refuses with err.
func newDoor(t *testing.T, err error, tokens ...ingest.Token) http.Handler {
	t.Helper()
	h, wrong := ingest.New(ingest.Config{
		Tracker: trackerFunc(func() error { return err }), Tokens: tokens,
		Attribution: func(context.Context, *engine.Package) (ingest.Attribution, error) {
			return ingest.Attribution{ADID: "a1", Attribution: []byte(`{"network":"N"}`)}, err
		},
	})
	if wrong != nil {
		t.Fatal(wrong)
	}
	return h
}
