/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

/**
 * @typedef {object} Pod as `/api/v1/pods` has it
 * @property {string} id NODE/NETNS
 * @property {string} [node]
 * @property {string} [name]
 * @property {string} [namespace]
 * @property {string} [workload]
 * @property {string} [app]
 * @property {string} [version]
 * @property {string[]} [addresses]
 * @property {string} [profile] id of the one that runs
 */

/**
 * How a pod is named in links: NAMESPACE/NAME, which stays when its node starts anew, else by its id.
 *
 * @param {{id: string, namespace?: string, name?: string}} pod
 */
export function podKey(pod) {
  return pod.namespace && pod.name ? `${pod.namespace}/${pod.name}` : pod.id;
}

/**
 * @param {{id: string, namespace?: string, name?: string}} pod
 * @param {string} wanted id or NAMESPACE/NAME
 */
export function isSame(pod, wanted) {
  return wanted !== '' && (wanted === pod.id || wanted === podKey(pod));
}
