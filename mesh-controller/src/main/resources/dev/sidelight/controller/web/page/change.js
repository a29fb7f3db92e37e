/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {ROLLUPS} from './components.js';

/** So many slices before the change are wanted, to know what is usual. */
const USUAL_SLICES = 6;

/** So many of the newest are what it is now. */
const NEWEST_SLICES = 3;

/** What is less is no change: a part of what was usual, and seconds. */
const LEAST_PART = 0.5;
const LEAST_SECONDS = 0.001;

/**
 * That calls take longer than they used to.
 *
 * @typedef {object} Change
 * @property {number} sinceMillis when it began
 * @property {number} usualSeconds mean of a call before
 * @property {number} nowSeconds
 * @property {string} rollup key of the one that has grown most
 * @property {number} rollupSeconds by how much
 */

/**
 * Whether calls take longer now than in the first half of the history, and who does.
 *
 * @param {any[]} slices of GET /api/v1/history, by time
 * @returns {Change | null}
 */
export function changeOf(slices) {
  const seen = slices.filter(({total}) => total?.count > 0);
  const usual = seen.slice(0, Math.floor(seen.length / 2));
  const newest = seen.slice(-NEWEST_SLICES);
  if (usual.length < USUAL_SLICES) {
    return null;
  }
  const usualSeconds = median(usual.map(meanOf));
  const nowSeconds = median(newest.map(meanOf));
  const more = nowSeconds - usualSeconds;
  if (more < LEAST_SECONDS || more < LEAST_PART * usualSeconds) {
    return null;
  }
  const half = usualSeconds + more / 2;
  let begin = seen.length - 1;
  while (begin > 0 && meanOf(seen[begin - 1]) > half) {
    begin--;
  }
  const grown = ROLLUPS.map(({key}) => ({
    key, seconds: median(newest.map((slice) => partOf(slice, key))) - median(usual.map((slice) => partOf(slice, key))),
  })).reduce((most, each) => (each.seconds > most.seconds ? each : most));
  return {sinceMillis: seen[begin].epochMillis, usualSeconds, nowSeconds, rollup: grown.key, rollupSeconds: grown.seconds};
}

/** @param {any} slice */
function meanOf(slice) {
  return slice.total.meanSeconds;
}

/**
 * A roll-up's part in the mean of all of the slice's calls.
 *
 * @param {any} slice
 * @param {string} rollup
 */
function partOf({total, rollups}, rollup) {
  const figures = rollups?.[rollup];
  return figures ? (figures.meanSeconds * figures.count) / total.count : 0;
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
