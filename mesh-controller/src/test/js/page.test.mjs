/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// The page's arithmetic; what draws is tested in a real browser. Run by `make test`.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {changeOf} from '../../main/resources/dev/sidelight/controller/web/page/change.js';
import {contribution, edgesOf, matches, ownSeconds} from '../../main/resources/dev/sidelight/controller/web/page/edges.js';
import {bytes, count, percent, rate, seconds} from '../../main/resources/dev/sidelight/controller/web/page/format.js';
import {Layout} from '../../main/resources/dev/sidelight/controller/web/page/layout.js';
import {timeLine} from '../../main/resources/dev/sidelight/controller/web/page/points.js';
import {evidence, headline, verdictOf} from '../../main/resources/dev/sidelight/controller/web/page/verdict.js';

const MILLI = 1e-3;

/** Figures of so many calls. */
function figures(meanSeconds, count = 100) {
  return {count, meanSeconds, p50Seconds: meanSeconds, p95Seconds: 2 * meanSeconds, p99Seconds: 3 * meanSeconds};
}

/** An edge of the API's answer, of its components in milliseconds by roll-up. */
function answerEdge(source, destination, parts, informative = {}) {
  const rollups = {};
  const components = {};
  let total = 0;
  for (const [rollup, byComponent] of Object.entries(parts)) {
    let sum = 0;
    for (const [component, millis] of Object.entries(byComponent)) {
      components[component] = figures(millis * MILLI);
      sum += millis * MILLI;
    }
    rollups[rollup] = figures(sum);
    total += sum;
  }
  const workload = (name) => ({cluster: 'Kubernetes', namespace: 'bookinfo', workload: name, app: name.replace(/-v\d$/, ''), version: 'v1'});
  return {
    source: workload(source), destination: workload(destination), destinationService: {host: destination, name: destination, namespace: 'bookinfo'},
    protocol: 'http', requests: 100, errors: 0, coverage: {full: 100, alsOnly: 0, oneSided: 0}, total: figures(total), rollups, components,
    informative: Object.fromEntries(Object.entries(informative).map(([key, millis]) => [key, figures(millis * MILLI)])),
    shares: Object.fromEntries(Object.entries(rollups).map(([key, {meanSeconds}]) => [key, meanSeconds / total])),
    transport: {link: {rttP50Seconds: 50e-6, retransmits: 4, drops: 1, bytesSent: 10, bytesReceived: 20}},
  };
}

function only(...edges) {
  return edgesOf({edges});
}

test('seconds_unitByLength', () => {
  assert.equal(seconds(undefined), '–');
  assert.equal(seconds(0), '0 ms');
  assert.equal(seconds(870e-9), '0.87 µs');
  assert.equal(seconds(53.2e-6), '53.2 µs');
  assert.equal(seconds(999.7e-6), '1.00 ms');
  assert.equal(seconds(0.0152), '15.2 ms');
  assert.equal(seconds(0.9996), '1.00 s');
  assert.equal(seconds(61), '61.0 s');
});

test('figures_absentIsNotZero', () => {
  for (const format of [percent, count, bytes, seconds]) {
    assert.equal(format(undefined), '–');
  }
  assert.equal(rate(undefined, 60), '–');
  assert.equal(percent(0), '0%');
  assert.equal(percent(0.004), '0.4%');
  assert.equal(percent(0.667), '67%');
  assert.equal(bytes(1_530_000), '1.53 MB');
  assert.equal(rate(3000, 60), '50.0/s');
});

test('verdict_whoTookMost', () => {
  const [edge] = only(answerEdge('productpage-v1', 'details-v1', {
    sidecar: {source_sidecar: 0.6, destination_sidecar: 0.8}, network: {network: 0.1}, application: {application: 20, application_queue: 0.3},
  }, {application_upstream_wait: 0, application_self: 20}));
  const verdict = verdictOf(edge);
  assert.equal(verdict.key, 'application');
  assert.equal(verdict.component, 'application');
  assert.ok(Math.abs(verdict.share - 20.3 / 21.8) < 1e-9);
  assert.equal(headline(edge, verdict), 'It is the application details-v1: 20.3 ms of 21.8 ms (93%).');
});

test('verdict_appThatWaitsForItsOwnCalls', () => {
  const edges = only(
    answerEdge('istio-ingressgateway', 'productpage-v1', {sidecar: {source_sidecar: 1}, application: {application: 25}}, {application_upstream_wait: 24, application_self: 1}),
    answerEdge('productpage-v1', 'details-v1', {sidecar: {source_sidecar: 1}, application: {application: 20}}, {application_upstream_wait: 0, application_self: 20}));
  assert.equal(verdictOf(edges[0]).key, 'application_upstream_wait');
  assert.ok(Math.abs(ownSeconds(edges[0]) - 2 * MILLI) < 1e-9);
  assert.ok(Math.abs(ownSeconds(edges[1]) - 21 * MILLI) < 1e-9, 'where the time was spent comes first');
  assert.match(evidence(edges[0], verdictOf(edges[0])).join(' '), /worked 1\.00 ms itself and waited 24\.0 ms/);
});

test('verdict_beyondGateway_isItsCallsWhereItMakesSome', () => {
  const outside = answerEdge('unknown', 'istio-ingressgateway', {sidecar: {destination_sidecar: 1}, unknown: {destination_unsplit: 30}});
  const inner = answerEdge('istio-ingressgateway', 'productpage-v1', {application: {application: 29}});
  assert.equal(verdictOf(only(outside, inner)[0]).key, 'destination_unsplit');
  assert.equal(verdictOf(only(structuredClone(outside))[0]).key, 'unknown');
});

test('verdict_ofPartOfTheCalls_countsThatPart', () => {
  const edge = answerEdge('a', 'b', {sidecar: {source_sidecar: 2}, network: {network: 1}});
  edge.components.source_sidecar.count = edge.rollups.sidecar.count = 10;
  const [part] = only(edge);
  assert.ok(Math.abs(contribution(part, part.rollups.sidecar) - 0.2 * MILLI) < 1e-12);
  assert.equal(verdictOf(part).key, 'network');
});

test('edges_foundByWords', () => {
  const [edge] = only(answerEdge('productpage-v1', 'details-v1', {network: {network: 1}}));
  assert.ok(matches(edge, {namespace: '', search: 'PRODUCT details'}));
  assert.ok(!matches(edge, {namespace: '', search: 'reviews'}));
  assert.ok(!matches(edge, {namespace: 'other', search: ''}));
});

const NANOS = 1e12;

/** A call of 100 units between two sidecars, with both nodes' clocks apart by so much. */
function call(apart = 0, changes = {}) {
  const at = (unit) => NANOS + unit * 1e5;
  const far = (unit) => at(unit) + apart;
  const components = {
    request_transfer: 1, source_hop: 1 + 1, source_sidecar_queue: 2 + 2, source_sidecar: 3 + 3, network: 5 + 5, destination_sidecar_queue: 4 + 4,
    destination_sidecar: 6 + 6, destination_hop: 1 + 1, application_queue: 7, application: 40, response_transfer: 3, source_application_read: 5,
  };
  return {
    totalNanos: 100e5, coverage: 'full', flags: [],
    components: Object.fromEntries(Object.entries(components).map(([key, units]) => [key, units * 1e5])),
    ends: {
      sourceApp: {firstSendNanos: at(0), lastSendNanos: at(1), lastArrivalNanos: at(95), lastReadNanos: at(100)},
      sourceDownstream: {firstArrivalNanos: at(2), lastArrivalNanos: at(2), lastReadNanos: at(4), lastSendNanos: at(94)},
      sourceUpstream: {lastSendNanos: at(7), lastArrivalNanos: at(89), lastReadNanos: at(91)},
      destinationDownstream: {firstArrivalNanos: far(12), lastArrivalNanos: far(12), lastReadNanos: far(16), lastSendNanos: far(84)},
      destinationUpstream: {lastSendNanos: far(22), lastArrivalNanos: far(74), lastReadNanos: far(78)},
      destinationApp: {lastArrivalNanos: far(23), lastReadNanos: far(30), firstSendNanos: far(70), lastSendNanos: far(73)},
    },
    ...changes,
  };
}

/** Pieces of a component as units from the beginning. */
function units(line, component) {
  return line.pieces.filter((piece) => piece.component === component).map(({start, end}) => [Math.round(start / 1e5), Math.round(end / 1e5)]);
}

test('timeLine_liesWhereTheKernelSawIt', () => {
  const line = timeLine(call());
  assert.ok(line.seen && !line.placed);
  assert.deepEqual(line.differing, []);
  assert.deepEqual(units(line, 'application'), [[30, 70]]);
  assert.deepEqual(units(line, 'network'), [[7, 12], [84, 89]]);
  assert.deepEqual(units(line, 'source_sidecar'), [[4, 7], [91, 94]]);
  const pieces = [...line.pieces].sort((a, b) => a.start - b.start || a.end - b.end);
  pieces.forEach((piece, index) => assert.equal(piece.start, index === 0 ? 0 : pieces[index - 1].end, `no gap before ${piece.component}`));
  assert.equal(pieces.at(-1).end, 100e5);
});

test('timeLine_otherNodesClock_isPlacedInTheMiddle', () => {
  for (const apart of [3e9, -3e9]) {
    const line = timeLine(call(apart));
    assert.ok(line.seen && line.placed);
    assert.deepEqual(units(line, 'network'), [[7, 12], [84, 89]]);
    assert.deepEqual(units(line, 'application'), [[30, 70]]);
  }
});

test('timeLine_connect_isPartOfTheSidecarsRequest', () => {
  const moved = call();
  moved.components.source_sidecar = 4e5;
  moved.components.source_sidecar_connect = 2e5;
  const line = timeLine(moved);
  assert.deepEqual(line.differing, []);
  assert.deepEqual(units(line, 'source_sidecar_connect'), [[5, 7]]);
});

test('timeLine_withoutPoints_isInOrderAndSaysSo', () => {
  for (const ends of [{}, undefined, {sourceDownstream: {lastArrivalNanos: 0}, sourceUpstream: {}}]) {
    const line = timeLine(call(0, {ends}));
    assert.equal(line.seen, false);
    assert.deepEqual(units(line, 'request_transfer'), [[0, 1]]);
    assert.equal(line.pieces.at(-1).end, 100e5);
  }
});

test('timeLine_oneSided_showsTheLinkAsOne', () => {
  const {sourceApp, sourceDownstream, sourceUpstream} = call().ends;
  const one = call(0, {ends: {sourceApp, sourceDownstream, sourceUpstream}, coverage: 'oneSided'});
  const {request_transfer, source_hop, source_sidecar_queue, source_sidecar, source_application_read} = one.components;
  one.components = {request_transfer, source_hop, source_sidecar_queue, source_sidecar, link_unsplit: 82e5, source_application_read};
  const line = timeLine(one);
  assert.ok(line.seen);
  assert.deepEqual(units(line, 'link_unsplit'), [[7, 89]]);
});

/** Nodes of one namespace each by default. */
function items(names, band = () => 'bookinfo') {
  return new Map(names.map((name) => [name, {band: band(name), width: 90}]));
}

function places(layout, names) {
  return Object.fromEntries(names.map((name) => [name, layout.position(name)]));
}

test('layout_callsGoFromLeftToRight', () => {
  const layout = new Layout();
  const names = ['details', 'page', 'ratings', 'reviews-1', 'reviews-2'];
  const edges = [['page', 'details'], ['page', 'reviews-1'], ['page', 'reviews-2'], ['reviews-2', 'ratings'], ['ratings', 'page']];
  layout.update(items(names), edges);
  const at = places(layout, names);
  assert.ok(at.page.x < at['reviews-2'].x && at['reviews-2'].x < at.ratings.x, 'a call back does not turn the graph round');
  assert.equal(new Set(Object.values(at).map(({x, y}) => `${x} ${y}`)).size, names.length, 'no two at one place');
});

test('layout_newNode_movesNoOther', () => {
  const layout = new Layout();
  const names = Array.from({length: 40}, (_, index) => `n${index}`);
  const edges = names.slice(1).map((name, index) => [names[Math.floor(index / 3)], name]);
  const band = (name) => `namespace-${Number(name.slice(1)) % 3}`;
  layout.update(items(names, band), edges);
  const before = places(layout, names);
  const more = [...names, 'n40'];
  layout.update(items(more, band), [...edges, ['n2', 'n40']]);
  const after = places(layout, more);
  const moved = names.filter((name) => before[name].x !== after[name].x);
  assert.deepEqual(moved, [], 'columns stay');
  assert.equal(new Set(Object.values(after).map(({x, y}) => `${x} ${y}`)).size, 41);
  assert.equal(layout.update(items(more, band), edges), false, 'nothing new, nothing moves');
});

test('layout_500Nodes_bandsDoNotOverlap', () => {
  const layout = new Layout();
  const names = Array.from({length: 500}, (_, index) => `n${index}`);
  const edges = names.slice(1).flatMap((name, index) => [[names[Math.floor(index / 4)], name], [names[(index * 7) % (index + 1)], name]]);
  const band = (name) => `namespace-${Number(name.slice(1)) % 9}`;
  const before = process.cpuUsage();
  layout.update(items(names, band), edges);
  assert.ok(process.cpuUsage(before).user < 1e6, 'placing 500 nodes takes less than a second of a processor');
  const boxes = new Map();
  for (const name of names) {
    const {x, y} = layout.position(name);
    const box = boxes.get(band(name)) ?? {left: x, right: x, top: y, bottom: y};
    boxes.set(band(name), {left: Math.min(box.left, x), right: Math.max(box.right, x), top: Math.min(box.top, y), bottom: Math.max(box.bottom, y)});
  }
  const all = [...boxes.values()];
  all.forEach((a, index) => all.slice(index + 1).forEach((b) =>
    assert.ok(a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top, `${JSON.stringify(a)} and ${JSON.stringify(b)}`)));
});

/** A slice of the history each 5 s: the application's milliseconds, beside 1 ms of sidecars. */
function slices(...millis) {
  return millis.map((each, index) => ({
    epochMillis: index * 5_000, requests: 10,
    total: figures((each + 1) * MILLI, 10), rollups: {sidecar: figures(MILLI, 10), application: figures(each * MILLI, 10)},
  }));
}

test('change_sinceWhenAndWhose', () => {
  const change = changeOf(slices(1, 2, 1, 1, 30, 1, 2, 1, 1, 1, 21, 22, 21, 20, 21));
  assert.equal(change.sinceMillis, 10 * 5_000);
  assert.equal(change.rollup, 'application');
  assert.ok(Math.abs(change.rollupSeconds - 20 * MILLI) < 1e-9);
  assert.ok(Math.abs(change.nowSeconds - 22 * MILLI) < 1e-9 && Math.abs(change.usualSeconds - 2 * MILLI) < 1e-9);
});

test('change_noneWhereItIsAsUsual_orOver_orTooShort', () => {
  assert.equal(changeOf(slices(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)), null);
  assert.equal(changeOf(slices(1, 1, 1, 1, 1, 1, 1, 1, 30, 30, 30, 1, 1, 1)), null);
  assert.equal(changeOf(slices(1, 1, 20, 20)), null);
  assert.equal(changeOf([]), null);
});
