/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {percent, seconds} from './format.js';
import {color} from './theme.js';

/** From here on a share is drawn as much. */
const MUCH = 0.75;

/**
 * How the graph's edges are coloured and how wide they are.
 *
 * @typedef {object} Scale
 * @property {(edge: import('./edges.js').Edge) => number | undefined} of 0 is nothing, 1 much; undefined: not measured
 * @property {(edge: import('./edges.js').Edge) => string} text the figure
 * @property {string} title
 * @property {string[]} marks what stands at the legend's beginning, middle and end
 */

/**
 * @param {string} by share or p95
 * @param {import('./edges.js').Edge[]} edges that are drawn
 * @returns {Scale}
 */
export function scaleOf(by, edges) {
  if (by === 'p95') {
    const values = edges.map((edge) => p95(edge) ?? 0).filter((value) => value > 0);
    const low = Math.min(...values);
    const high = Math.max(...values, low * 10);
    const span = Math.log(high / low);
    return {
      of: (edge) => {
        const value = p95(edge);
        return value ? Math.log(value / low) / span : undefined;
      },
      text: (edge) => seconds(p95(edge)),
      title: 'p95 of a call',
      marks: values.length > 0 ? [seconds(low), seconds(Math.sqrt(low * high)), seconds(high)] : [],
    };
  }
  return {
    of: (edge) => (edge.shares.sidecar === undefined ? undefined : Math.min(1, edge.shares.sidecar / MUCH)),
    text: (edge) => percent(edge.shares.sidecar),
    title: 'sidecars\' share of a call',
    marks: [percent(0), percent(MUCH / 2), `${percent(MUCH)} and more`],
  };
}

/**
 * @param {number | undefined} value 0 to 1
 * @returns {string} rgb(...)
 */
export function scaleColor(value) {
  if (value === undefined) {
    return color('--unknown');
  }
  const [from, to, way] = value < 0.5 ? ['--scale-0', '--scale-1', value * 2] : ['--scale-1', '--scale-2', value * 2 - 1];
  const a = channels(color(/** @type {string} */ (from)));
  const b = channels(color(/** @type {string} */ (to)));
  return `rgb(${a.map((each, index) => Math.round(each + (b[index] - each) * /** @type {number} */ (way))).join(',')})`;
}

/** @param {import('./edges.js').Edge} edge */
function p95(edge) {
  return edge.total.p95Seconds;
}

/** @param {string} rgb */
function channels(rgb) {
  return (rgb.match(/[\d.]+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number);
}
