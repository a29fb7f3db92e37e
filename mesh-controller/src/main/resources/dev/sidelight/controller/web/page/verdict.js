/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {COMPONENTS, ROLLUPS} from './components.js';
import {contribution, workloadName} from './edges.js';
import {percent, seconds} from './format.js';

/** What the destination's app waited for its own calls: the API's word. */
export const UPSTREAM_WAIT = 'application_upstream_wait';

/** What lay beyond the destination's proxy, and is seen as that workload's own calls. */
export const UNSPLIT = 'destination_unsplit';

/**
 * Whose time it was.
 *
 * @typedef {object} Verdict
 * @property {string} key of the roll-up that took the largest part, application_upstream_wait, or destination_unsplit where that is the workload's own calls
 * @property {string} label one or two words
 * @property {number} seconds that it took, in the mean of a call
 * @property {number} share of the edge's time
 * @property {string} component key of the largest component in it
 */

/**
 * Who took the largest part of the edge's time.
 *
 * @param {import('./edges.js').Edge} edge
 * @returns {Verdict | null} null where nothing was measured
 */
export function verdictOf(edge) {
  const parts = ROLLUPS.map(({key, label}) => ({key, label, seconds: contribution(edge, edge.rollups[key])}));
  const wait = contribution(edge, edge.informative[UPSTREAM_WAIT]);
  const unsplit = edge.beyondSeconds - wait;
  for (const [key, within, label, beyond] of /** @type {[string, string, string, number][]} */ ([
    [UPSTREAM_WAIT, 'application', 'its own calls', wait], [UNSPLIT, 'unknown', 'beyond it', unsplit],
  ])) {
    const whole = parts.find((part) => part.key === within);
    if (whole && beyond > 0) {
      whole.seconds -= beyond;
      parts.push({key, label, seconds: beyond});
    }
  }
  const largest = parts.reduce((most, part) => (part.seconds > most.seconds ? part : most));
  if (!(largest.seconds > 0)) {
    return null;
  }
  return {
    ...largest,
    share: largest.seconds / edge.total.meanSeconds,
    component: {[UPSTREAM_WAIT]: 'application', [UNSPLIT]: UNSPLIT}[largest.key] ?? largestComponent(edge, largest.key),
  };
}

/**
 * The verdict in one sentence.
 *
 * @param {import('./edges.js').Edge} edge
 * @param {Verdict | null} verdict
 */
export function headline(edge, verdict) {
  if (!verdict) {
    return 'Nothing of these calls was measured.';
  }
  const source = workloadName(edge.sourceId);
  const destination = workloadName(edge.destinationId);
  /** @type {Record<string, string>} */
  const who = {
    sidecar: 'the sidecars',
    network: 'the network between the two sidecars',
    application: `the application ${destination}`,
    [UPSTREAM_WAIT]: `calls that ${destination} makes itself`,
    [UNSPLIT]: `what lies beyond ${destination}, its calls`,
    kernel: 'the passage between sidecars and apps',
    caller: `the caller ${source}`,
    retry: 'retries',
  };
  const figure = `${seconds(verdict.seconds)} of ${seconds(edge.total.meanSeconds)} (${percent(verdict.share)})`;
  if (verdict.key === 'unknown') {
    return `Most of it cannot be told: ${figure} were not seen in parts.`;
  }
  return verdict.share > 0.5 ? `It is ${who[verdict.key]}: ${figure}.` : `No one part dominates; the largest is ${who[verdict.key]}: ${figure}.`;
}

/**
 * What stands behind the verdict: sentences.
 *
 * @param {import('./edges.js').Edge} edge
 * @param {Verdict | null} verdict
 * @returns {string[]}
 */
export function evidence(edge, verdict) {
  const sentences = [];
  /** @param {string} key */
  const take = (key) => contribution(edge, edge.components[key]);
  if (verdict?.key === 'sidecar') {
    const source = take('source_sidecar_queue') + take('source_sidecar') + take('source_sidecar_connect');
    const destination = take('destination_sidecar_queue') + take('destination_sidecar') + take('destination_sidecar_connect');
    sentences.push(`${workloadName(edge.sourceId)}'s took ${seconds(source)}, ${workloadName(edge.destinationId)}'s ${seconds(destination)}.`);
    const queue = take('source_sidecar_queue') + take('destination_sidecar_queue');
    if (queue > 0.3 * (source + destination)) {
      sentences.push(`${seconds(queue)} of it data lay unread before Envoy: it was short of CPU, or busy.`);
    }
  }
  if (verdict?.key === 'network' || edge.transport.link?.retransmits > 0) {
    const link = edge.transport.link;
    if (link) {
      sentences.push(`On the link: round trip ${seconds(link.rttP50Seconds)} (median), ${link.retransmits} segments sent again, ${link.drops} drops.`);
    }
  }
  if (verdict?.key === 'application' || verdict?.key === UPSTREAM_WAIT) {
    const wait = edge.informative[UPSTREAM_WAIT];
    const self = edge.informative.application_self;
    if (wait && self) {
      sentences.push(`${workloadName(edge.destinationId)} worked ${seconds(contribution(edge, self))} itself and waited ${seconds(contribution(edge, wait))} for its own calls.`);
    }
    const queue = take('application_queue');
    if (queue > 0.1 * edge.total.meanSeconds) {
      sentences.push(`${seconds(queue)} the request lay in the app's socket unread.`);
    }
  }
  const rest = ['sidecar', 'network', 'application']
    .filter((key) => key !== verdict?.key && edge.rollups[key] && !(key === 'application' && verdict?.key === UPSTREAM_WAIT))
    .map((key) => `${key === 'sidecar' ? 'sidecars' : key} ${seconds(contribution(edge, edge.rollups[key]))} (${percent(edge.shares[key])})`);
  if (rest.length > 0) {
    sentences.push(`Beside it: ${rest.join(', ')}.`);
  }
  return sentences;
}

/**
 * @param {import('./edges.js').Edge} edge
 * @param {string} rollup
 */
function largestComponent(edge, rollup) {
  return COMPONENTS.filter((component) => component.rollup === rollup).reduce(
    (most, {key}) => (contribution(edge, edge.components[key]) > contribution(edge, edge.components[most]) ? key : most), '');
}
