/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

/** What stands for a figure that was not measured; it is never 0. */
export const ABSENT = '–';

/**
 * A duration with the unit that suits it: 870 µs, 1.52 ms, 15.0 ms, 1.23 s.
 *
 * @param {number | null | undefined} value seconds
 */
export function seconds(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return ABSENT;
  }
  const size = Math.abs(value);
  if (size >= 0.9995) {
    return `${digits(value)} s`;
  }
  if (size >= 0.0009995 || size === 0) {
    return `${digits(value * 1e3)} ms`;
  }
  return `${digits(value * 1e6)} µs`;
}

/** @param {number | null | undefined} value nanoseconds */
export function nanos(value) {
  return seconds(value === null || value === undefined ? value : value / 1e9);
}

/** @param {number | null | undefined} value of 1 */
export function percent(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return ABSENT;
  }
  const of100 = value * 100;
  return `${of100 > 0 && of100 < 9.95 ? of100.toFixed(1) : of100.toFixed(0)}%`;
}

/** @param {number | null | undefined} value */
export function count(value) {
  return value === null || value === undefined ? ABSENT : value.toLocaleString('en-US');
}

/**
 * @param {number | null | undefined} value calls
 * @param {number} windowSeconds
 */
export function rate(value, windowSeconds) {
  return value === null || value === undefined ? ABSENT : `${digits(value / windowSeconds)}/s`;
}

/** @param {number | null | undefined} value */
export function bytes(value) {
  if (value === null || value === undefined) {
    return ABSENT;
  }
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? size : digits(size)} ${units[unit]}`;
}

/** @param {number} epochMillis */
export function clock(epochMillis) {
  return new Date(epochMillis).toLocaleTimeString('en-GB');
}

/**
 * Three digits that count.
 *
 * @param {number} value
 */
function digits(value) {
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }
  if (size >= 99.95) {
    return value.toFixed(0);
  }
  return size >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
