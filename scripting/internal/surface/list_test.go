package surface

import (
	"slices"
	"strings"
	"testing"

	"trackhook/engine/scripts"
)

// What is complete in the editor on the desk is complete in the page: every name that has to be there at run time is in the
// list, and everything has its words.
func TestListHasEveryName(t *testing.T) {
	t.Parallel()
	list := List()
	items := map[string]*scripts.Item{}
	for i := range list.Items {
		items[list.Items[i].Name] = &list.Items[i]
	}
	for _, name := range Names() {
		owner, member, _ := strings.Cut(strings.Replace(name, ".prototype.", ".", 1), ".")
		item := items[owner]
		if item == nil || item.Kind == "type" {
			t.Errorf("%s is not listed", name)
			continue
		}
		if member != "" && !slices.ContainsFunc(item.Members, func(m scripts.Member) bool { return m.Name == member }) {
			t.Errorf("%s is not among the members of %s", member, owner)
		}
	}
	for _, name := range TestExports() {
		if item := items[name]; item != nil && slices.Contains([]string{"test", "it", "describe", "expect", "plugin", "beforeEach"}, name) && !item.Tests {
			t.Errorf("%s is not said to be of tests alone", name)
		}
	}
	for _, item := range list.Items {
		if item.Signature == "" || item.Kind != "type" && item.Doc == "" {
			t.Errorf("%s has no words: %+v", item.Name, item)
		}
	}
	if !slices.Contains(list.Modules, "trackhook") || !slices.Contains(list.Modules, ReactNativeModule) {
		t.Errorf("modules %v", list.Modules)
	}
}

func TestListKnowsMembers(t *testing.T) {
	t.Parallel()
	list := List()
	find := func(item, member string) (*scripts.Item, *scripts.Member) {
		for i := range list.Items {
			if list.Items[i].Name != item {
				continue
			}
			for n := range list.Items[i].Members {
				if list.Items[i].Members[n].Name == member {
					return &list.Items[i], &list.Items[i].Members[n]
				}
			}
			return &list.Items[i], nil
		}
		return nil, nil
	}
	for _, row := range []struct {
		item, member, itemKind, memberKind string
		sdk                                int
		deprecated                         bool
	}{
		{"Adjust", "create", "object", "method", 4, false},
		{"Adjust", "initSdk", "object", "method", 5, false},
		{"Adjust", "disableThirdPartySharing", "object", "method", 4, true},
		{"AdjustConfig", "EnvironmentSandbox", "class", "constant", 0, false},
		{"AdjustEventSuccess", "eventToken", "type", "property", 0, false},
		{"AdjustEventSuccess", "timestamp", "type", "property", 0, false},
		{"localStorage", "setItem", "object", "method", 0, false},
		{"console", "log", "object", "method", 0, false},
		{"Response", "json", "class", "method", 0, false},
		{"Buffer", "from", "object", "method", 0, false},
		{"expect", "", "variable", "", 0, false},
		{"setTimeout", "", "function", "", 0, false},
	} {
		item, member := find(row.item, row.member)
		switch {
		case item == nil:
			t.Errorf("%s is not listed", row.item)
		case row.member == "" && item.Kind == "type", row.member != "" && item.Kind != row.itemKind:
			t.Errorf("%s is a %s", row.item, item.Kind)
		case row.member != "" && (member == nil || member.Kind != row.memberKind || member.SDK != row.sdk || member.Deprecated != row.deprecated ||
			strings.Contains(member.Doc, "SDK version") || strings.Contains(member.Doc, "@deprecated")):
			t.Errorf("%s.%s: %+v", row.item, row.member, member)
		}
	}
	config, _ := find("AdjustConfig", "")
	if len(config.Constructors) == 0 || !strings.HasPrefix(config.Constructors[0], "new AdjustConfig(appToken: string") {
		t.Errorf("constructors %q", config.Constructors)
	}
}
