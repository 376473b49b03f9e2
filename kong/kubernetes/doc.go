// Package kubernetes is a folder of manifests and Helm values; its tests hold them
// against the types of Kubernetes, the schema that Kong publishes of KongClusterPlugin,
// and kong.yml's own checks. They are left out under the race detector, for which the
// types of Kubernetes would be compiled a second time and where nothing is concurrent.
package kubernetes
