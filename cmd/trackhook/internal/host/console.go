package host

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine/admin"
	"trackhook/engine/console"
	"trackhook/engine/ingest"
	"trackhook/engine/site"
)

// firstLinkAge is how long the link works that the demo prints when it starts.
const firstLinkAge = time.Hour

// KeyFile is the file in the data folder that holds the key of its owner, see [Host.openConsole].
const KeyFile = "console.key"

// ownersKey proves to a host without tokens that somebody may read its data folder, and so is not just anybody who uses the
// same machine. It is made anew at each start.
type ownersKey struct {
	path string
	hash [sha256.Size]byte
}

func newOwnersKey(folder string) (*ownersKey, error) {
	secret := rand.Text()
	k := &ownersKey{path: filepath.Join(folder, KeyFile), hash: sha256.Sum256([]byte(secret))}
	// Not written over: what is there may be open to others, or lead elsewhere.
	if err := os.Remove(k.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("replace the key of the console: %w", err)
	}
	file, err := os.OpenFile(k.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the key of the console: %w", err)
	}
	_, err = file.WriteString(secret + "\n")
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("write the key of the console: %w", err)
	}
	return k, nil
}

// is tells whether a secret is the key.
func (k *ownersKey) is(secret string) bool {
	hash := sha256.Sum256([]byte(secret))
	return k != nil && subtle.ConstantTimeCompare(hash[:], k.hash[:]) == 1
}

// borne tells whether a request bears the key.
func (k *ownersKey) borne(r *http.Request) bool {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(scheme, "Bearer") && k.is(strings.TrimSpace(secret))
}

func (k *ownersKey) remove() {
	if k != nil {
		_ = os.Remove(k.path) // it is worth nothing any more
	}
}

// openConsole makes the page, where this build has one. A host without tokens answers everybody on its machine; signing in
// for more takes the key of its owner, which lies in the data folder.
func (h *Host) openConsole(page fs.FS) (err error) {
	if h.settings.Data != "" {
		if h.key, err = newOwnersKey(h.settings.Data); err != nil {
			return err
		}
	}
	if page == nil && !console.Built() {
		return nil
	}
	_, port, err := net.SplitHostPort(h.listener.Addr().String())
	if err != nil {
		return fmt.Errorf("the address of the console: %w", err)
	}
	h.console = console.New(console.Config{
		Token: h.tokenGrant, Access: h.bearerAccess, Port: port, Secure: h.secure != nil, Files: page, Log: h.log,
		Enabled: func() bool { return h.inForce.Load().settings.Console.On() },
		About: func() console.About {
			why := h.locked()
			return console.About{Version: h.version, Demo: h.demo != nil, Edit: why == "", ReadOnly: why}
		},
	})
	return nil
}

// locked is why scripts cannot be changed by people who ask for it; empty: they can. Drafts can be tried all the same.
func (h *Host) locked() string {
	if h.inForce.Load().settings.Console.Edits() {
		return ""
	}
	return "the configuration of this host does not let scripts be changed here (console.edit)"
}

// access is what an asker may do, and whether it is known: by a token, or by a session of the console.
func (h *Host) access(r *http.Request) (access site.Access, known bool) {
	if r.Header.Get("Authorization") != "" || h.console == nil {
		return h.bearerAccess(r)
	}
	return h.console.Access(r)
}

// bearerAccess is what an asker may do by a token, or by the key of the owner.
func (h *Host) bearerAccess(r *http.Request) (access site.Access, known bool) {
	tokens := *h.tokens.Load()
	if len(tokens) == 0 && h.key.borne(r) {
		return site.All, true
	}
	token, _, ok := tokens.Bearer(r)
	return tokens.Access(token), ok
}

// tokenGrant is what somebody may do who has a token, for as long as the host has it.
func (h *Host) tokenGrant(secret string) (console.Grant, bool) {
	tokens := *h.tokens.Load()
	if len(tokens) == 0 {
		return h.untilTokens(site.All, owner), h.key.is(secret)
	}
	token, ok := tokens.Find(secret)
	return h.whileToken(token), ok
}

func (h *Host) whileToken(token ingest.Token) console.Grant {
	return console.Grant{Who: token.Name(), Access: func() site.Access { return h.tokens.Load().Access(token) }}
}

// owner is what logs call whoever has the key of the owner.
const owner = "owner"

// who is what logs call an asker: by the name of its token, that of the session, or that of the owner. Empty: it has none.
func (h *Host) who(r *http.Request) string {
	tokens := *h.tokens.Load()
	switch token, given, _ := tokens.Bearer(r); {
	case len(tokens) == 0 && h.key.borne(r):
		return owner
	case given:
		return token.Name()
	case h.console == nil:
		return ""
	}
	grant, _ := h.console.Session(r)
	return grant.Who
}

// untilTokens grants something for as long as the host has no tokens.
func (h *Host) untilTokens(access site.Access, who string) console.Grant {
	return console.Grant{Who: who, Access: func() site.Access {
		if len(*h.tokens.Load()) > 0 {
			return 0
		}
		return access
	}}
}

// local is what everybody may do who uses the machine of a host without tokens.
const local = site.Read | site.Operate

// shownSettings are the settings that are in force, as operators are shown them.
func (h *Host) shownSettings() []admin.Setting {
	if h.show == nil {
		return nil
	}
	settings := h.inForce.Load().settings
	var all []admin.Setting
	for _, shown := range h.show(&settings) {
		about := config.About(shown.Key)
		all = append(all, admin.Setting{
			Key: shown.Key, Value: shown.Value, From: shown.From, Default: about.Default, Live: about.Live, Meaning: about.Meaning,
		})
	}
	return all
}

// newCode makes a code for the page, with what its asker may do, who was let in.
func (h *Host) newCode(r *http.Request) (admin.Code, error) {
	if h.console == nil || !h.inForce.Load().settings.Console.On() {
		return admin.Code{}, admin.ErrNoConsole
	}
	grant, signedIn := h.console.Session(r)
	if token, given, ok := h.tokens.Load().Bearer(r); given && ok {
		grant = h.whileToken(token)
	} else if !signedIn {
		access, who := local, ""
		if h.key.borne(r) {
			access, who = site.All, owner
		}
		grant = h.untilTokens(access, who)
	}
	code, ends := h.console.Code(grant, console.CodeAge)
	return admin.Code{Code: code, Expires: ends.UTC()}, nil
}

// greetConsole says where the page is. The demo, which nobody has configured, says how to come in as well.
func (h *Host) greetConsole() {
	switch {
	case h.console == nil || !h.inForce.Load().settings.Console.On():
	case h.demo != nil && site.Loopback(h.settings.Listen) && len(*h.tokens.Load()) == 0:
		code, _ := h.console.Code(h.untilTokens(site.All, owner), firstLinkAge)
		h.log.Info().Str("open", console.Link(h.URL(), code)).Msg("the console: open this link in a browser, it signs in once; `trackhook open` makes another")
	default:
		h.log.Info().Str("url", h.URL()+console.Path).Msg("the console; `trackhook open` makes a link that signs in")
	}
}
