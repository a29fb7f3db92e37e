/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {COMPONENT, COMPONENTS} from './components.js';

/** What the drawn pieces of a component may be off its figure: clocks' reading, and a part that was moved between neighbours. */
const TOLERANCE_NANOS = 2_000;

/**
 * A piece of a call: one component on one of its two ways.
 *
 * @typedef {object} Piece
 * @property {string} component
 * @property {'request' | 'response' | 'between'} way
 * @property {number} start nanoseconds since the call's first point
 * @property {number} end
 */

/**
 * When each component of a call passed.
 *
 * @typedef {object} TimeLine
 * @property {Piece[]} pieces
 * @property {boolean} seen whether the pieces lie where the kernel saw them; otherwise the components follow one another in the order of the path
 * @property {boolean} placed whether the destination's part was moved into the middle of the source's, since their clocks differ
 * @property {string[]} differing components whose pieces do not sum to their figure: time was charged to another one
 */

/**
 * The time line of a call, from what the kernel saw at its ends.
 *
 * @param {any} call of GET /api/v1/requests?ends=true
 * @returns {TimeLine}
 */
export function timeLine(call) {
  const ends = call.ends ?? {};
  const source = sourceChain(call, ends);
  const destination = destinationChain(call, ends);
  /** @type {Piece[]} */
  let pieces = [];
  let placed = false;
  if (source && destination) {
    const {pieces: near, sent, answered} = source;
    const {pieces: far, arrived, left} = destination;
    const spare = answered - sent - (left - arrived);
    const shift = arrived >= sent && left <= answered ? 0 : sent + spare / 2 - arrived;
    placed = shift !== 0;
    const link = call.components.network !== undefined ? 'network' : 'link_unsplit';
    pieces = [
      ...near,
      ...far.map((piece) => ({...piece, start: piece.start + shift, end: piece.end + shift})),
      piece(link, 'request', sent, arrived + shift),
      piece(link, 'response', left + shift, answered),
    ];
  } else if (source) {
    pieces = [...source.pieces];
    if (call.components.link_unsplit !== undefined) {
      pieces.push(piece('link_unsplit', 'between', source.sent, source.answered));
    }
  } else if (destination) {
    pieces = destination.pieces;
  }
  pieces = pieces.filter(({component, start, end}) => call.components[component] !== undefined && end >= start);
  const differing = COMPONENTS.map(({key}) => key).filter((key) => {
    const figure = call.components[key];
    return figure !== undefined && Math.abs(figure - sum(pieces, key)) > Math.max(TOLERANCE_NANOS, figure * 0.01);
  });
  // Where the points tell another story than the figures, the figures are right.
  const unseen = differing.reduce((before, key) => before + Math.abs(call.components[key] - sum(pieces, key)), 0);
  if (pieces.length === 0 || unseen > 0.2 * call.totalNanos) {
    return {pieces: inOrder(call), seen: false, placed: false, differing: []};
  }
  const first = Math.min(...pieces.map(({start}) => start));
  return {
    pieces: pieces.map((each) => ({...each, start: each.start - first, end: each.end - first})),
    seen: true, placed, differing,
  };
}

/**
 * @param {any} call
 * @param {any} ends
 */
function sourceChain(call, {sourceApp: app, sourceDownstream: down, sourceUpstream: up}) {
  if (!down || !up) {
    return null;
  }
  const upload = call.components.request_transfer_blocked !== undefined ? 'request_transfer_blocked' : 'request_transfer';
  const first = app ? app.firstSendNanos : call.components[upload] === undefined ? down.lastArrivalNanos : down.firstArrivalNanos;
  const there = chain([first, app ? app.lastSendNanos : down.lastArrivalNanos, down.lastArrivalNanos, down.lastReadNanos, up.lastSendNanos], 0);
  if (!there) {
    return null;
  }
  const back = chain([up.lastArrivalNanos, up.lastReadNanos, down.lastSendNanos, ...(app ? [app.lastArrivalNanos, app.lastReadNanos] : [])], there[4]);
  if (!back) {
    return null;
  }
  const connect = call.components.source_sidecar_connect ?? 0;
  const retry = call.components.retry ?? 0;
  const busyUntil = Math.max(there[3], there[4] - connect - retry);
  const pieces = [
    piece(upload, 'request', there[0], there[1]),
    piece('source_hop', 'request', there[1], there[2]),
    piece('source_sidecar_queue', 'request', there[2], there[3]),
    piece('source_sidecar', 'request', there[3], busyUntil),
    piece('source_sidecar_connect', 'request', busyUntil, Math.min(there[4], busyUntil + connect)),
    piece('retry', 'request', Math.min(there[4], busyUntil + connect), there[4]),
    piece('source_sidecar_queue', 'response', back[0], back[1]),
    piece('source_sidecar', 'response', back[1], back[2]),
  ];
  if (app) {
    pieces.push(piece('source_hop', 'response', back[2], back[3]), piece('source_application_read', 'response', back[3], back[4]));
  }
  return {pieces, sent: there[4], answered: back[0]};
}

/**
 * @param {any} call
 * @param {any} ends
 */
function destinationChain(call, {destinationDownstream: down, destinationUpstream: up, destinationApp: app}) {
  if (!down || (!up && call.components.destination_unsplit !== undefined)) {
    return null;
  }
  const upstream = up ?? {lastSendNanos: down.lastReadNanos, lastArrivalNanos: down.lastReadNanos, lastReadNanos: down.lastReadNanos};
  const upload = call.components.destination_unsplit !== undefined && call.components.request_transfer !== undefined;
  const points = chain([
    upload ? down.firstArrivalNanos : down.lastArrivalNanos, down.lastArrivalNanos, down.lastReadNanos, upstream.lastSendNanos,
    ...(app ? [app.lastArrivalNanos, app.lastReadNanos, app.firstSendNanos, app.lastSendNanos] : []),
    upstream.lastArrivalNanos, upstream.lastReadNanos, down.lastSendNanos,
  ], 0);
  if (!points) {
    return null;
  }
  const [first, arrived, read, sent] = points;
  const [returned, taken, left] = points.slice(-3);
  const connect = call.components.destination_sidecar_connect ?? 0;
  const busyUntil = Math.max(read, sent - connect);
  const pieces = [
    piece('destination_sidecar_queue', 'request', arrived, read),
    piece('destination_sidecar', 'request', read, busyUntil),
    piece('destination_sidecar_connect', 'request', busyUntil, sent),
    piece('destination_sidecar_queue', 'response', returned, taken),
    piece('destination_sidecar', 'response', taken, left),
  ];
  if (upload) {
    pieces.unshift(piece('request_transfer', 'request', first, arrived));
  }
  if (app) {
    const transfer = call.components.response_transfer_blocked !== undefined ? 'response_transfer_blocked' : 'response_transfer';
    pieces.push(
      piece('destination_hop', 'request', sent, points[4]),
      piece('application_queue', 'request', points[4], points[5]),
      piece('application', 'between', points[5], points[6]),
      piece(transfer, 'response', points[6], points[7]),
      piece('destination_hop', 'response', points[7], returned));
  } else {
    pieces.push(piece('destination_unsplit', 'between', sent, returned));
  }
  return {pieces, arrived, left};
}

/**
 * Points in the order of the path, each at least the one before; null where one was not seen.
 *
 * @param {number[]} points
 * @param {number} from
 * @returns {number[] | null}
 */
function chain(points, from) {
  let last = from;
  if (points.some((point) => !point)) {
    return null;
  }
  return points.map((point) => (last = Math.max(last, point)));
}

/**
 * The components one behind the other, in the order of the path.
 *
 * @param {any} call
 * @returns {Piece[]}
 */
function inOrder(call) {
  let at = 0;
  return COMPONENTS.filter(({key}) => call.components[key] !== undefined).map(({key}) => {
    const way = COMPONENT.get(key)?.way ?? 'both';
    return piece(key, way === 'both' ? 'between' : way, at, (at += call.components[key]));
  });
}

/**
 * @param {string} component
 * @param {Piece['way']} way
 * @param {number} start
 * @param {number} end
 * @returns {Piece}
 */
function piece(component, way, start, end) {
  return {component, way, start, end};
}

/**
 * @param {Piece[]} pieces
 * @param {string} component
 */
function sum(pieces, component) {
  return pieces.reduce((before, each) => (each.component === component ? before + each.end - each.start : before), 0);
}
