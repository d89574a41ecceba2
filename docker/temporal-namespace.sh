#!/bin/sh
# The namespace, once the server is well. Workflow ids are unique for as long as closed runs are kept; operators look at
# them as long.
set -eu
namespace=${TEMPORAL_NAMESPACE:-default}
retention=720h
until temporal operator cluster health; do sleep 1; done
temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$namespace" --retention "$retention"
# Known to every part of the server, which takes some seconds.
until temporal workflow count --namespace "$namespace" >/dev/null 2>&1; do sleep 1; done
