/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {announce, h, replace} from './dom.js';
import {isSame, podKey} from './podkey.js';
import {PodPanel} from './podpanel.js';
import {Poll} from './poll.js';
import {isOpen, stateInWords} from './profiles.js';
import {go, link, onRoute, route} from './route.js';
import {Rows} from './rows.js';
import {Status} from './status.js';
import {onTheme} from './theme.js';

const PODS_PERIOD_MILLIS = 5_000;
const PROFILES_PERIOD_MILLIS = 1_000;

/**
 * The view of pods: their list and that of profiles, the pod that is open, the line that is open in its topology.
 *
 * @param {import('./main.js').Areas} areas
 * @returns {import('./main.js').View}
 */
export function openPods(areas) {
  const view = new PodsView(areas);
  return {
    close: () => view.close(),
    escape: () => view.escape(),
    move: (step) => view.move(step),
  };
}

class PodsView {
  /** @param {import('./main.js').Areas} areas */
  constructor({list, stage, panel, live}) {
    this.list = list;
    this.stage = stage;
    this.live = live;
    /** @type {import('./podkey.js').Pod[] | null} */
    this.pods = null;
    /** @type {import('./profiles.js').Profile[]} */
    this.profiles = [];
    this.note = h('p', {class: 'pods-note dim', 'data-testid': 'pods-note'});
    const pods = h('ul', {class: 'entries'});
    const profiles = h('ul', {class: 'entries'});
    this.podRows = new Rows(pods, (pod) => pod.id, podRow);
    this.profileRows = new Rows(profiles, (profile) => profile.id, profileRow);
    this.profilesPart = h('section', {'aria-label': 'Profiles', hidden: true}, h('h3', {class: 'list-heading'}, 'Profiles'), profiles);
    this.labels = [list, stage].map((area) => area.getAttribute('aria-label') ?? '');
    list.setAttribute('aria-label', 'Pods and profiles');
    stage.setAttribute('aria-label', 'The pod that is open');
    replace(list, h('h3', {class: 'list-heading'}, 'Pods'), pods, this.note, this.profilesPart);
    this.podPanel = new PodPanel(stage, panel);
    this.podsPoll = new Poll(() => '/api/v1/pods', PODS_PERIOD_MILLIS, (answer) => this.showPods(answer.pods), (failure) => this.fail(failure)).start();
    this.profilesPoll = new Poll(
      () => '/api/v1/profiles',
      PROFILES_PERIOD_MILLIS,
      (answer) => this.showProfiles(answer.profiles),
      (failure) => this.fail(failure),
    ).start();
    this.stopListening = [onRoute(() => this.show()), onTheme(() => this.podPanel.restyle())];
    this.podPanel.onStarted = () => {
      this.profilesPoll.now();
      this.podsPoll.now();
    };
    this.status = new Status(() => this.show());
  }

  close() {
    this.podsPoll.stop();
    this.profilesPoll.stop();
    this.status.stop();
    this.stopListening.forEach((stop) => stop());
    this.podPanel.close();
    [this.list, this.stage].forEach((area, index) => area.setAttribute('aria-label', this.labels[index]));
  }

  escape() {
    const {line, profile} = route();
    if (line) {
      this.podPanel.closeLine();
    } else if (profile) {
      go({profile: ''});
    } else {
      go({pod: ''});
    }
  }

  /** @param {1 | -1} step */
  move(step) {
    const entries = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll('a.entry')]);
    const at = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    entries[Math.min(entries.length - 1, Math.max(0, at + step))]?.focus();
  }

  /** @param {import('./podkey.js').Pod[]} pods */
  showPods(pods) {
    this.live.fresh();
    this.pods = [...pods].sort((one, other) => podKey(one).localeCompare(podKey(other)));
    this.show();
  }

  /** @param {import('./profiles.js').Profile[]} profiles */
  showProfiles(profiles) {
    this.live.fresh();
    const ended = new Set(profiles.filter((profile) => !isOpen(profile)).map(({id}) => id));
    this.profiles.filter((profile) => isOpen(profile) && ended.has(profile.id)).forEach(() => announce('A profile has ended.'));
    this.profiles = [...profiles].sort((one, other) => other.startEpochMillis - one.startEpochMillis);
    this.show();
  }

  /** @param {Error} failure */
  fail(failure) {
    this.live.failed(failure);
    if (this.pods === null) {
      replace(this.note, `The pods are not known: ${failure.message}.`);
    }
  }

  show() {
    if (this.pods === null) {
      return;
    }
    offerNamespaces(this.pods);
    const shown = this.pods.filter(isWanted);
    this.podRows.update(shown);
    this.profileRows.update(this.profiles.filter((profile) => isWanted(profile.pod)));
    this.profilesPart.hidden = this.profiles.length === 0;
    replace(this.note, this.noteOf(shown.length));
    this.status.showBar(this.pods.length === 0);
    this.podPanel.show(this.pods, this.profiles, this.status);
  }

  /** @param {number} shown */
  noteOf(shown) {
    if (shown > 0) {
      return null;
    }
    if (this.pods?.length === 0) {
      return 'No pod is known yet.';
    }
    return ['None of ', String(this.pods?.length), ' pods is as asked for. ', h('a', {href: link({search: '', namespace: ''})}, 'Show all')];
  }
}

/** @param {{id: string, namespace?: string, name?: string, workload?: string, app?: string, node?: string}} pod */
function isWanted(pod) {
  const {search, namespace} = route();
  if (namespace && pod.namespace !== namespace) {
    return false;
  }
  const text = [podKey(pod), pod.id, pod.workload, pod.app].join(' ').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/**
 * Namespaces of pods, beside those that are offered already.
 *
 * @param {import('./podkey.js').Pod[]} pods
 */
function offerNamespaces(pods) {
  const select = /** @type {HTMLSelectElement} */ (document.getElementById('namespace'));
  const offered = new Set([...select.options].map((option) => option.value));
  const missing = new Set(pods.map((pod) => pod.namespace ?? '').filter((namespace) => !offered.has(namespace)));
  [...missing].sort().forEach((namespace) => select.append(h('option', {value: namespace}, namespace)));
  select.value = route().namespace;
}

/**
 * @param {import('./podkey.js').Pod} pod
 * @returns {import('./rows.js').Row<import('./podkey.js').Pod>}
 */
function podRow(pod) {
  const name = h('span', {class: 'name'}, pod.name || pod.id);
  const place = h('span', {class: 'dim'}, [pod.namespace, pod.node].filter(Boolean).join(' · '));
  const running = h('span', {class: 'badge', hidden: true}, 'profiling');
  const anchor = h('a', {class: 'entry', 'data-testid': 'pod-row', 'data-pod': podKey(pod)}, name, running, place);
  return {
    root: h('li', null, anchor),
    update(now) {
      running.hidden = !now.profile;
      follow(anchor, {pod: podKey(now), profile: '', line: ''}, isSame(now, route().pod));
    },
  };
}

/**
 * @param {import('./profiles.js').Profile} profile
 * @returns {import('./rows.js').Row<import('./profiles.js').Profile>}
 */
function profileRow(profile) {
  const state = h('span', {class: 'dim'});
  const anchor = h(
    'a',
    {class: 'entry', 'data-testid': 'profile', 'data-profile': profile.id},
    h('span', {class: 'name'}, profile.pod.name || profile.pod.id),
    h('time', {class: 'dim', datetime: new Date(profile.startEpochMillis).toISOString()}, new Date(profile.startEpochMillis).toLocaleTimeString('en-GB')),
    state,
  );
  return {
    root: h('li', null, anchor),
    update(now) {
      anchor.dataset.state = now.state;
      replace(state, stateInWords(now));
      follow(anchor, {pod: podKey(now.pod), profile: now.id, line: ''}, now.id === route().profile);
    },
  };
}

/**
 * @param {HTMLElement} anchor
 * @param {Partial<import('./route.js').Route>} target
 * @param {boolean} current
 */
function follow(anchor, target, current) {
  anchor.setAttribute('href', link(target));
  if (current) {
    anchor.setAttribute('aria-current', 'true');
  } else {
    anchor.removeAttribute('aria-current');
  }
}
