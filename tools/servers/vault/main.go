// A real Vault core (transit and token store) on one loopback port, its data in a folder, so that it comes back after a
// kill with the same keys. Built and run by tools/servers/vault.mjs; for tests only: the unseal key lies beside the data.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/audit"
	"github.com/hashicorp/vault/builtin/logical/transit"
	vhttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/file"
	"github.com/hashicorp/vault/vault"
)

type opening struct {
	UnsealKey []byte `json:"unseal_key"`
	RootToken string `json:"root_token"`
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: vault-server FOLDER ADDRESS")
	}
	folder, address := os.Args[1], os.Args[2]
	go endWithParent()
	core, err := newCore(folder)
	check(err)
	key, err := openOrInitialize(core, filepath.Join(folder, "opening.json"))
	check(err)
	_, err = core.Unseal(key.UnsealKey)
	check(err)
	listener, err := net.Listen("tcp", address)
	check(err)
	fmt.Println(key.RootToken)
	handler := vhttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: &configutil.Listener{}})
	check(http.Serve(listener, handler))
}

// endWithParent leaves no server behind: the pipe closes when the starting process ends, however it ends.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

func newCore(folder string) (*vault.Core, error) {
	logger := hclog.New(&hclog.LoggerOptions{Level: hclog.Error, Output: os.Stderr})
	storage, err := file.NewFileBackend(map[string]string{"path": filepath.Join(folder, "data")}, logger)
	if err != nil {
		return nil, err
	}
	backends := map[string]logical.Factory{"transit": transit.Factory}
	return vault.NewCore(&vault.CoreConfig{
		Physical:        storage,
		DisableMlock:    true,
		Logger:          logger,
		LogicalBackends: backends,
		AuditBackends:   map[string]audit.Factory{},
		BuiltinRegistry: registry{backends},
	})
}

func openOrInitialize(core *vault.Core, path string) (*opening, error) {
	if text, err := os.ReadFile(path); err == nil {
		var kept opening
		return &kept, json.Unmarshal(text, &kept)
	}
	shares := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}
	made, err := core.Initialize(context.Background(), &vault.InitParams{BarrierConfig: shares})
	if err != nil {
		return nil, err
	}
	fresh := &opening{UnsealKey: made.SecretShares[0], RootToken: made.RootToken}
	text, err := json.Marshal(fresh)
	if err != nil {
		return nil, err
	}
	return fresh, os.WriteFile(path, text, 0o600)
}

// registry is what the core asks about plugins; ours are compiled in.
type registry struct{ backends map[string]logical.Factory }

func (r registry) Get(name string, _ consts.PluginType) (func() (interface{}, error), bool) {
	factory, known := r.backends[name]
	return func() (interface{}, error) { return factory, nil }, known
}

func (r registry) Contains(name string, _ consts.PluginType) bool {
	_, known := r.backends[name]
	return known
}

func (r registry) Keys(_ consts.PluginType) []string {
	names := make([]string, 0, len(r.backends))
	for name := range r.backends {
		names = append(names, name)
	}
	return names
}

func (r registry) DeprecationStatus(_ string, _ consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, true
}

func (r registry) IsBuiltinEntPlugin(_ string, _ consts.PluginType) bool { return false }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
