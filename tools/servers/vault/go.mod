module gpubroker.local/vault-server

go 1.25

require github.com/hashicorp/vault v1.21.2

replace github.com/99designs/keyring => github.com/Jeffail/keyring v1.2.3
