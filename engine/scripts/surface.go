package scripts

// Surface is the names that scripts find, for completion and hovering.
type Surface struct {
	// Items are sorted by name. Modules are what can be imported without being installed.
	Items   []Item   `json:"items"`
	Modules []string `json:"modules"`
}

// Item is a global name, or a type.
type Item struct {
	Name string `json:"name"`
	// Kind is class, object, function, variable or type.
	Kind string `json:"kind"`
	// Signature is as in TypeScript, and Doc a sentence or two.
	Signature string `json:"signature"`
	Doc       string `json:"doc"`
	// SDK is the version of Adjust's SDKs that alone has the name; 0: both, or neither.
	SDK        int  `json:"sdk"`
	Deprecated bool `json:"deprecated"`
	// Tests tells that only files of tests find it.
	Tests        bool     `json:"tests"`
	Constructors []string `json:"constructors"`
	Members      []Member `json:"members"`
}

// Member is a member of an item.
type Member struct {
	Name string `json:"name"`
	// Kind is method, property or constant.
	Kind       string `json:"kind"`
	Signature  string `json:"signature"`
	Doc        string `json:"doc"`
	Static     bool   `json:"static"`
	SDK        int    `json:"sdk"`
	Deprecated bool   `json:"deprecated"`
}
