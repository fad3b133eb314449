//go:build !darwin

package main

// unitText is a template of a unit for systemd.
const unitText = `[Unit]
Description=hearth: warm gopls sessions

[Service]
ExecStart={{.}} daemon
Restart=on-failure
# Sessions are worth keeping when the terminal that started them is closed.
KillMode=mixed

[Install]
WantedBy=default.target
`
