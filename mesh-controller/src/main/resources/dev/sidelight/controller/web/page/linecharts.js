/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {ABSENT, bytes, count, seconds} from './format.js';

/**
 * What is plotted of a line: what its two sides, the client that opened the connections and the server that accepted them,
 * wrote, read and waited for, by interval.
 *
 * @typedef {object} Series as `/api/v1/profiles/ID/lines/LINE` has it
 * @property {number} intervalMillis
 * @property {any[]} [client]
 * @property {any[]} [server]
 *
 * @typedef {object} Plotted what a chart shows
 * @property {string} id
 * @property {string} title
 * @property {string} absent what it means that no interval has a value
 * @property {(value: number | undefined) => string} format
 * @property {{label: string, of: (side: any, intervalSeconds: number) => number | undefined}[]} series the value of one side
 *     in one interval; undefined, where it was not measured, leaves a gap
 */

/**
 * @typedef {object} Extent of a chart, the same on both sides so that they can be compared
 * @property {number} from epoch milliseconds
 * @property {number} to
 * @property {number} step
 * @property {number} top the largest value
 * @property {string} nothing why there is nothing to show, or empty
 */

/** What the time axis spans at least. */
const SPAN_MIN_MILLIS = 20_000;

/** What it costs, the probe's README says. */
const READS_UNTIMED = 'not measured: on this kernel it takes probe.readTiming=syscalls at the probe';

/** @type {Plotted[]} */
export const CHARTS = [
  amounts('calls', 'Calls a second', rateOf, ['write', (side) => side.writes?.calls], ['read', (side) => side.reads?.calls]),
  amounts('bytes', 'Bytes a second', bytes, ['write', (side) => side.writes?.bytes], ['read', (side) => side.reads?.bytes]),
  durations('write', 'Write, entry to exit', (side) => side.writes),
  durations('read', 'Read, entry to exit, waiting included', (side) => side.reads, READS_UNTIMED),
  durations('rtt', 'Round trip as the kernel smooths it', (side) => side.rtt),
  durations('open', 'Connect (client), accept (server)', opening, 'none so far'),
  durations('close', "Close, own FIN to the socket's end", (side) => side.close, 'none so far'),
  amounts('connections', 'Connections a second', rateOf, ['opened', (side) => opening(side)?.count], ['closed', (side) => side.close?.count]),
  amounts('loss', 'Lost a second', rateOf, ['retransmits', (side) => side.retransmits], ['drops', (side) => packets(side.drops)]),
];

/**
 * @param {string} id
 * @param {string} title
 * @param {(value: number | undefined) => string} format
 * @param {...[string, (side: any) => number | undefined]} series
 * @returns {Plotted}
 */
function amounts(id, title, format, ...series) {
  return {
    id,
    title,
    format,
    absent: 'none so far',
    series: series.map(([label, amount]) => ({
      label,
      of: (side, intervalSeconds) => {
        const value = amount(side);
        return value === undefined ? undefined : value / intervalSeconds;
      },
    })),
  };
}

/**
 * @param {string} id
 * @param {string} title
 * @param {(side: any) => any} figures
 * @returns {Plotted}
 */
function durations(id, title, figures, absent = 'not measured so far') {
  return {
    id,
    title,
    format: seconds,
    absent,
    series: [
      {label: 'p50', of: (side) => figures(side)?.p50Seconds},
      {label: 'p95', of: (side) => figures(side)?.p95Seconds},
    ],
  };
}

/**
 * Who opens a connection connects, who takes it accepts.
 *
 * @param {any} side
 */
function opening(side) {
  return side.connect ?? side.accept;
}

/** @param {number | undefined} value a second */
function rateOf(value) {
  return value === undefined ? ABSENT : count(value >= 10 ? Math.round(value) : Math.round(value * 100) / 100);
}

/** @param {Record<string, number> | undefined} drops by reason */
function packets(drops) {
  return drops && Object.values(drops).reduce((sum, some) => sum + some, 0);
}

/**
 * A line's course as its charts show it, in their order.
 *
 * @param {Series} course
 * @param {number} startEpochMillis of the profile
 * @returns {{client: import('./chart.js').Series[], server: import('./chart.js').Series[], extent: Extent}[]}
 */
export function plotted(course, startEpochMillis) {
  const {client = [], server = [], intervalMillis} = course;
  const last = Math.max(startEpochMillis + SPAN_MIN_MILLIS, ...[...client, ...server].map(({epochMillis}) => epochMillis));
  return CHARTS.map((chart) => {
    const sides = {client: seriesOf(chart, client, intervalMillis), server: seriesOf(chart, server, intervalMillis)};
    const values = [...sides.client, ...sides.server].flatMap(({points}) => points.map(([, value]) => value));
    const measured = /** @type {number[]} */ (values.filter((value) => value !== undefined));
    const top = Math.max(0, ...measured);
    const nothing = top > 0 ? '' : measured.length > 0 ? 'none so far' : chart.absent;
    return {...sides, extent: {from: startEpochMillis, to: last, step: intervalMillis, top, nothing}};
  });
}

/**
 * @param {Plotted} chart
 * @param {any[]} entries
 * @param {number} intervalMillis that was asked for; an entry tells its own
 * @returns {import('./chart.js').Series[]}
 */
function seriesOf(chart, entries, intervalMillis) {
  return chart.series.map(({label, of}, index) => ({
    label,
    color: `--series-${index + 1}`,
    points: entries.map((entry) => /** @type {[number, number | undefined]} */ ([entry.epochMillis, of(entry, (entry.durationMillis ?? intervalMillis) / 1000)])),
  }));
}
