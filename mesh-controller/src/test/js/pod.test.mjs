/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// The arithmetic of the view of pods; what draws is tested in a real browser. Run by `make test`.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {CHARTS, plotted} from '../../main/resources/dev/sidelight/controller/web/page/linecharts.js';
import {lineLabel} from '../../main/resources/dev/sidelight/controller/web/page/lines.js';
import {Places} from '../../main/resources/dev/sidelight/controller/web/page/places.js';
import {isSame, podKey} from '../../main/resources/dev/sidelight/controller/web/page/podkey.js';
import {isOpen, reasonInWords, stateInWords} from '../../main/resources/dev/sidelight/controller/web/page/profiles.js';

const START = 1_800_000_000_000;

function topology(processes, remotes, lines) {
  return {
    processes: processes.map((id) => ({id, name: id})),
    remotes: remotes.map((id) => ({id, name: id, kind: 'workload'})),
    lines: lines.map(([from, to], index) => ({id: `line-${index}`, from, to})),
  };
}

/** Places of all nodes, after as many reports. */
function placesAfter(...topologies) {
  const places = new Places();
  const of = {};
  for (const each of topologies) {
    places.decide(each);
    [...each.processes, ...each.remotes].forEach(({id}) => (of[id] = places.of(id)));
  }
  return of;
}

const SIDECAR = topology(['envoy', 'java'], ['caller', 'callee'], [['caller', 'envoy'], ['envoy', 'java'], ['java', 'envoy'], ['envoy', 'callee']]);

test('places_callersLeft_calledRight_sidecarAboveItsApp', () => {
  const {envoy, java, caller, callee} = placesAfter(SIDECAR);
  assert.ok(caller.x < envoy.x && envoy.x < callee.x);
  assert.ok(envoy.y < java.y);
  assert.equal(envoy.x, java.x);
});

test('places_laterOnes_moveNobodyAndTakeNoPlaceTwice', () => {
  const many = Array.from({length: 20}, (_, index) => `remote-${index}`);
  const grown = topology(
    ['envoy', 'java', 'curl', 'sh', 'tail'], ['caller', 'callee', ...many],
    [...SIDECAR.lines.map(({from, to}) => [from, to]), ...many.map((id, index) => (index % 2 ? [id, 'envoy'] : ['envoy', id]))]);
  const before = placesAfter(SIDECAR);
  const after = placesAfter(SIDECAR, grown);
  for (const id of Object.keys(before)) {
    assert.deepEqual(after[id], before[id], id);
  }
  const taken = Object.values(after).map(({x, y}) => `${x} ${y}`);
  assert.equal(new Set(taken).size, taken.length);
});

test('places_oneThatComesBack_liesWhereItWas', () => {
  const without = topology(['envoy', 'java'], ['callee'], [['envoy', 'callee']]);
  const withAnother = topology(['envoy', 'java'], ['callee', 'other'], [['other', 'envoy']]);
  const {caller, other} = placesAfter(SIDECAR, without, withAnother, SIDECAR);
  assert.deepEqual(caller, placesAfter(SIDECAR).caller);
  assert.notDeepEqual(other, caller);
});

test('places_secondColumnOfProcesses_pushesTheRemotesAway', () => {
  const places = new Places();
  places.decide(SIDECAR);
  ['envoy', 'java'].forEach((id) => places.of(id));
  assert.equal(places.reach('right'), 0);
  places.decide(topology(['curl'], [], []));
  const {x} = places.of('curl');
  assert.equal(places.reach('right'), x);
  assert.equal(places.reach('left'), 0);
  assert.ok(places.of('callee').x > x);
});

test('lineLabel_protocolTlsAndPort', () => {
  assert.equal(lineLabel({protocol: 'http1', tls: false, port: 9080}), 'HTTP/1 :9080');
  assert.equal(lineLabel({protocol: 'http1', tls: true, port: 9080}), 'HTTP/1 TLS :9080');
  assert.equal(lineLabel({protocol: 'tls', tls: true, port: 15006}), 'TLS :15006');
  assert.equal(lineLabel({protocol: 'amqp', tls: false}), 'amqp');
});

function chart(id, course) {
  return plotted(course, START)[CHARTS.findIndex((each) => each.id === id)];
}

/** Of a line of which the client's side was seen, and the server's too. */
const COURSE = {
  intervalMillis: 1000,
  client: [
    {epochMillis: START, durationMillis: 500, writes: {calls: 7, bytes: 700, p50Seconds: 1e-5, p95Seconds: 2e-5}, reads: {calls: 7, bytes: 70}, retransmits: 0},
    {epochMillis: START + 30_000, writes: {calls: 8, bytes: 800}, connect: {count: 2, p50Seconds: 3e-4, p95Seconds: 4e-4}, retransmits: 3, drops: {TCP_ZEROWINDOW: 2, OTHER: 1}},
  ],
  server: [{epochMillis: START, writes: {calls: 40, bytes: 4}, accept: {count: 1, p50Seconds: 1e-4, p95Seconds: 1e-4}, retransmits: 0}],
};

test('charts_ratesAreOfTheIntervalsOwnLength', () => {
  const [written, read] = chart('calls', COURSE).client;
  assert.deepEqual(written.points, [[START, 14], [START + 30_000, 8]]);
  assert.deepEqual(read.points, [[START, 14], [START + 30_000, undefined]]);
});

test('charts_bothSidesHaveOneExtent', () => {
  const {extent} = chart('calls', COURSE);
  assert.deepEqual(extent, {from: START, to: START + 30_000, step: 1000, top: 40, nothing: ''});
  assert.equal(chart('calls', {intervalMillis: 1000}).extent.to, START + 20_000);
});

test('charts_whoOpensConnects_whoTakesAccepts', () => {
  const {client, server} = chart('open', COURSE);
  assert.deepEqual(client[1].points, [[START, undefined], [START + 30_000, 4e-4]]);
  assert.deepEqual(server[1].points, [[START, 1e-4]]);
});

test('charts_dropsAreAddedUpOverTheirReasons', () => {
  const [retransmits, drops] = chart('loss', COURSE).client;
  assert.deepEqual(retransmits.points, [[START, 0], [START + 30_000, 3]]);
  assert.deepEqual(drops.points, [[START, undefined], [START + 30_000, 3]]);
});

test('charts_nothing_tellsNoneFromNotMeasured', () => {
  const {client, server} = COURSE;
  assert.equal(chart('loss', {intervalMillis: 1000, client: client.slice(0, 1), server}).extent.nothing, 'none so far');
  assert.equal(chart('close', COURSE).extent.nothing, 'none so far');
  assert.match(chart('read', COURSE).extent.nothing, /^not measured/);
  assert.equal(chart('rtt', COURSE).extent.nothing, 'not measured so far');
});

test('profile_stateInWords', () => {
  assert.equal(stateInWords({state: 'running', remainingSeconds: 92.1}), 'running, 93 s left');
  assert.equal(stateInWords({state: 'ended', reason: 'asked'}), 'ended: it was stopped');
  assert.equal(stateInWords({state: 'refused', reason: 'never_heard_of'}), 'refused: never heard of');
  assert.match(stateInWords({state: 'refused', reason: 'too_long'}), /^refused: .*shorter/);
  assert.equal(reasonInWords(undefined), '');
  assert.deepEqual(['pending', 'running', 'ended', 'refused'].map((state) => isOpen({state})), [true, true, false, false]);
});

test('pod_isFoundByNameAndById', () => {
  const pod = {id: 'node-1/4026532385', namespace: 'bookinfo', name: 'details-v1-0'};
  assert.equal(podKey(pod), 'bookinfo/details-v1-0');
  assert.equal(podKey({id: 'node-1/4026532385', namespace: 'bookinfo'}), 'node-1/4026532385');
  assert.ok(isSame(pod, 'bookinfo/details-v1-0'));
  assert.ok(isSame(pod, 'node-1/4026532385'));
  assert.ok(!isSame(pod, 'bookinfo/details-v1-1'));
  assert.ok(!isSame({id: ''}, ''));
});
