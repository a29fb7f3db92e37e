/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {h, s} from './dom.js';

/**
 * A part of a stacked bar.
 *
 * @typedef {object} Part
 * @property {string} key
 * @property {string} rollup its colour
 * @property {string} label
 * @property {number} value
 * @property {string} text its figure in words
 * @property {Record<string, unknown>} [attributes] further ones
 */

/**
 * A stacked bar, as SVG: its parts' widths are attributes, which need no style.
 *
 * @param {Part[]} parts
 * @param {{total?: number, height?: number, label?: string, small?: boolean}} [options] total: what the whole width stands for; the sum if left out
 */
export function stackedBar(parts, options = {}) {
  const sum = parts.reduce((before, part) => before + part.value, 0);
  const total = Math.max(options.total ?? sum, 1e-12);
  const height = options.height ?? 22;
  let at = 0;
  const drawn = parts.filter((part) => part.value > 0).map((part) => {
    const width = (part.value / total) * 1000;
    const rect = s('rect', {
      x: at.toFixed(2), y: 0, width: Math.max(width, 0.1).toFixed(2), height,
      class: `part fill-${part.rollup}`, ...part.attributes,
    }, options.small ? null : s('title', null, `${part.label}: ${part.text}`));
    at += width;
    return rect;
  });
  return s('svg', {
    class: 'stacked', viewBox: `0 0 1000 ${height}`, height, preserveAspectRatio: 'none',
    ...(options.label ? {role: 'img', 'aria-label': options.label} : {'aria-hidden': 'true'}),
  }, drawn);
}

/**
 * What the colours of a bar mean, with figures.
 *
 * @param {{rollup: string, label: string, text: string, what?: string}[]} entries
 */
export function legend(entries) {
  return h('ul', {class: 'legend'}, entries.map((entry) =>
    h('li', {title: entry.what}, h('span', {class: `swatch back-${entry.rollup}`}), `${entry.label} `, h('b', null, entry.text))));
}
