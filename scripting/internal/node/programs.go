package node

import (
	"embed"
	"strings"
	"sync"

	"github.com/dop251/goja"
)

// sources are the modules: each is the body of a function of require, module, exports and native.
//
//go:embed dist/*.js
var sources embed.FS

// Programs are the compiled modules, shared by all machines of a host. Each is compiled when it is first named. They may
// be used from many goroutines at once. Use [NewPrograms].
type Programs struct {
	mu       sync.Mutex
	compiled map[string]*goja.Program // guarded by mu
}

// NewPrograms makes what the machines of a host share. It compiles nothing before that is needed.
func NewPrograms() *Programs { return &Programs{compiled: map[string]*goja.Program{}} }

// fileOf is where the program of a module lies.
func fileOf(module string) string { return "dist/" + strings.ReplaceAll(module, "/", "_") + ".js" }

// program returns the compiled program of a module; nil: there is none.
func (p *Programs) program(module string) *goja.Program {
	p.mu.Lock()
	defer p.mu.Unlock()
	if program := p.compiled[module]; program != nil {
		return program
	}
	text, err := sources.ReadFile(fileOf(module))
	if err != nil {
		return nil
	}
	program := goja.MustCompile("trackhook:node/"+module+".js", "(function (require, module, exports, native) {"+string(text)+"\n})", false)
	p.compiled[module] = program
	return program
}
