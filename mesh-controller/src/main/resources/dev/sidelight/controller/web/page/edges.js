/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

/**
 * Figures of the API, over the calls in which it was measured.
 *
 * @typedef {{count: number, meanSeconds: number, p50Seconds?: number, p95Seconds?: number, p99Seconds?: number}} Figures
 */

/**
 * A workload in an answer.
 *
 * @typedef {{cluster: string, namespace: string, workload: string, app: string, version: string}} Workload
 */

/**
 * An edge of GET /api/v1/edges, with what the page adds.
 *
 * @typedef {object} Edge
 * @property {string} id in the URL
 * @property {string} sourceId NAMESPACE/WORKLOAD
 * @property {string} destinationId
 * @property {Workload} source
 * @property {Workload} destination
 * @property {{host: string, name: string, namespace: string}} destinationService
 * @property {string} protocol
 * @property {number} requests
 * @property {number} errors
 * @property {Record<string, number>} coverage
 * @property {Figures} total
 * @property {Record<string, Figures>} rollups
 * @property {Record<string, Figures>} components
 * @property {Record<string, Figures>} informative
 * @property {Record<string, number>} shares
 * @property {Record<string, any>} transport
 * @property {number} beyondSeconds of a call in the mean: what passed in the destination's own calls, which are edges of their own. That is what
 *     its app waited for them where that was measured, and what lay beyond a proxy whose app was not seen if the workload calls others
 * @property {string} text lower case, for the search
 */

/**
 * Edges of an answer.
 *
 * @param {{edges: any[]}} answer
 * @returns {Edge[]}
 */
export function edgesOf(answer) {
  const seen = new Set();
  const edges = answer.edges.map((edge) => {
    edge.sourceId = workloadId(edge.source);
    edge.destinationId = workloadId(edge.destination);
    edge.id = edgeId(edge);
    if (seen.has(edge.id)) {
      edge.id += `~${edge.source.cluster}~${edge.destination.cluster}`;
    }
    seen.add(edge.id);
    edge.text = `${edge.id} ${edge.source.app} ${edge.destination.app}`.toLowerCase();
    return edge;
  });
  const callers = new Set(edges.map((edge) => edge.sourceId));
  edges.forEach((edge) => {
    const unsplit = callers.has(edge.destinationId) ? contribution(edge, edge.components.destination_unsplit) : 0;
    edge.beyondSeconds = unsplit + contribution(edge, edge.informative.application_upstream_wait);
  });
  return edges;
}

/**
 * Mean of a call without what passed in the destination's own calls.
 *
 * @param {Edge} edge
 */
export function ownSeconds(edge) {
  return edge.total.meanSeconds - edge.beyondSeconds;
}

/**
 * What stands for an edge in the URL.
 *
 * @param {{source: Workload, destination: Workload, protocol: string, destinationService: {host: string, name: string}}} edge an edge, or one of its calls
 */
export function edgeId({source, destination, protocol, destinationService}) {
  return `${workloadId(source)}~${workloadId(destination)}~${protocol}~${destinationService.host || destinationService.name}`;
}

/** @param {Workload} workload */
export function workloadId(workload) {
  return `${workload.namespace}/${workload.workload}`;
}

/**
 * The ends in an edge's id.
 *
 * @param {string} id
 */
export function endsOf(id) {
  const [source, destination, protocol] = id.split('~');
  return {source, destination: destination ?? '', protocol: protocol ?? ''};
}

/** @param {string} id NAMESPACE/WORKLOAD */
export function workloadName(id) {
  return id.slice(id.indexOf('/') + 1);
}

/**
 * What a part takes of a call in the mean of all of the edge's calls, so that parts sum to the total.
 *
 * @param {Edge} edge
 * @param {Figures | undefined} figures
 * @returns {number} seconds
 */
export function contribution(edge, figures) {
  return figures && edge.total.count ? (figures.meanSeconds * figures.count) / edge.total.count : 0;
}

/**
 * Whether the edge is to be shown.
 *
 * @param {Edge} edge
 * @param {{namespace: string, search: string}} filter
 */
export function matches(edge, {namespace, search}) {
  return (
    (!namespace || edge.source.namespace === namespace || edge.destination.namespace === namespace) &&
    search.toLowerCase().split(/\s+/).every((word) => edge.text.includes(word))
  );
}

/**
 * What the list is sorted by, the largest first.
 *
 * @type {Record<string, {label: string, what: string, of: (edge: Edge) => number}>}
 */
export const SORTS = {
  own: {label: 'own time', what: 'mean of a call, without what passed in the destination\'s own calls: where the time was spent', of: ownSeconds},
  p95: {label: 'p95', what: '95 of 100 calls were faster', of: (edge) => edge.total.p95Seconds ?? edge.total.meanSeconds},
  sidecar: {label: 'sidecar time', what: 'mean time in both sidecars', of: (edge) => contribution(edge, edge.rollups.sidecar)},
  share: {label: 'sidecar share', what: 'time in both sidecars of all time', of: (edge) => edge.shares.sidecar ?? 0},
  errors: {label: 'errors', what: '5xx, or no response, of all calls', of: (edge) => edge.errors / edge.requests},
  requests: {label: 'calls', what: 'calls in the window', of: (edge) => edge.requests},
};
