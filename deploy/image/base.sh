#!/usr/bin/env bash
# Makes a stand-in for the base image from Debian's packages, for machines that reach no image
# registry. It has the name the Dockerfile asks for, so that the same Dockerfile is built.
set -euo pipefail
name="${1:-docker.io/library/python:3.11-slim-bookworm}"
export STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}" BUILDAH_ISOLATION="${BUILDAH_ISOLATION:-chroot}"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
debootstrap --variant=minbase bookworm "$work/root" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; exit 1; }

container="$(buildah from scratch)"
buildah add --quiet "$container" "$work/root" /
buildah run --network host "$container" -- sh -euc '
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    ca-certificates python3 python3-pip python3-venv >/dev/null
  for tool in python:python3 python3:python3 pip:pip3; do
    ln -sf "/usr/bin/${tool#*:}" "/usr/local/bin/${tool%:*}"
  done
  rm -rf /var/lib/apt/lists/* /var/cache/apt/*'
# This machine may reach the package index through a proxy with a certificate of its own.
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
  buildah copy --quiet "$container" /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
  printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$work/pip.conf"
  buildah copy --quiet "$container" "$work/pip.conf" /etc/pip.conf
fi
buildah config --env PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin \
  --cmd python3 "$container"
buildah commit --quiet --rm "$container" "$name"
