/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {h, replace} from './dom.js';
import {PodEdges} from './podedges.js';
import {isSame, podKey} from './podkey.js';
import {ProfilePanel} from './profilepanel.js';
import {isOpen, ProfileForm, TokenField} from './profiles.js';
import {Progress} from './progress.js';
import {go, link, route} from './route.js';

/**
 * The pod that is open, in the stage, and the line that is open in its topology, in the panel at the right.
 */
export class PodPanel {
  /**
   * @param {HTMLElement} stage
   * @param {HTMLElement} panel
   */
  constructor(stage, panel) {
    this.stage = stage;
    this.panel = panel;
    this.onStarted = () => {};
    /** @type {OpenPod | null} */
    this.open = null;
    /** What the stage says while no pod is open. */
    this.empty = '';
    this.token = new TokenField();
  }

  /**
   * @param {import('./podkey.js').Pod[]} pods
   * @param {import('./profiles.js').Profile[]} profiles
   * @param {import('./status.js').Status} status
   */
  show(pods, profiles, status) {
    this.token.show(status.authentication === 'token');
    const wanted = this.wantedPod(profiles);
    const pod = pods.find((one) => isSame(one, wanted)) ?? profiles.map((profile) => profile.pod).find((one) => isSame(one, wanted));
    if (this.open && this.open.pod.id !== pod?.id) {
      this.close();
    }
    if (!pod) {
      this.showEmpty(pods.length, wanted, status);
      return;
    }
    this.empty = '';
    if (!this.open) {
      this.open = new OpenPod(this, pod);
      replace(this.stage, this.open.root);
    }
    this.open.show(pods.some((one) => one.id === pod.id), profiles.filter((profile) => profile.pod.id === pod.id));
  }

  /**
   * A link may name the profile alone.
   *
   * @param {import('./profiles.js').Profile[]} profiles
   */
  wantedPod(profiles) {
    const {pod, profile} = route();
    const named = profiles.find(({id}) => id === profile);
    if (!pod && named) {
      go({pod: podKey(named.pod)}, {replace: true});
    }
    return route().pod;
  }

  closeLine() {
    const {line} = route();
    go({line: ''});
    this.open?.focusLine(line);
  }

  restyle() {
    this.open?.restyle();
  }

  close() {
    this.open?.close();
    this.open = null;
  }

  /**
   * @param {number} pods how many are known
   * @param {string} wanted
   * @param {import('./status.js').Status} status
   */
  showEmpty(pods, wanted, status) {
    const empty = this.emptyStage(pods, wanted, status);
    if (this.empty !== empty.outerHTML) {
      this.empty = empty.outerHTML;
      replace(this.stage, empty);
    }
  }

  /**
   * @param {number} pods how many are known
   * @param {string} wanted
   * @param {import('./status.js').Status} status
   */
  emptyStage(pods, wanted, status) {
    if (pods === 0) {
      return notice(
        'No pod is known',
        h('p', null, 'The probe of each node tells which pods run there. Either no probe is connected to this controller, or its node has no pod with a sidecar.'),
        h('p', null, 'Start the probe on the node and point it at the hop port of this controller, by its settings ', h('code', null, 'controller.host'), ' and ', h('code', null, 'controller.hopPort'), '.'),
        status.problems?.length ? status.describe() : null,
      );
    }
    if (wanted) {
      return notice(
        `There is no pod ${wanted}`,
        h('p', null, 'It has ended, or the probe of its node is not connected.'),
        h('p', null, h('a', {href: link({pod: '', profile: '', line: ''})}, 'Choose another')),
      );
    }
    return notice('Choose a pod', h('p', null, 'Who it is, its edges, and its processes with all their connections: network profiling shows them within seconds.'));
  }
}

/**
 * @param {string} title
 * @param {...(import('./dom.js').Child)} children
 */
function notice(title, ...children) {
  return h('div', {class: 'notice', 'data-testid': 'empty'}, h('h2', null, title), children);
}

/** One pod as long as it is open. */
class OpenPod {
  /**
   * @param {PodPanel} owner
   * @param {import('./podkey.js').Pod} pod
   */
  constructor(owner, pod) {
    this.owner = owner;
    this.pod = pod;
    this.edges = new PodEdges(pod);
    this.gone = h('p', {class: 'dim', hidden: true}, 'This pod is no longer there.');
    this.form = new ProfileForm(pod.id, owner.token, (id) => {
      go({profile: id, line: ''});
      owner.onStarted();
    });
    this.progress = new Progress(owner.token, () => owner.onStarted());
    this.place = h('div', {class: 'profile-place'});
    /** @type {ProfilePanel | null} */
    this.profile = null;
    this.root = h(
      'article',
      {class: 'pod', 'data-testid': 'pod-panel', 'data-pod': podKey(pod), 'aria-label': `Pod ${podKey(pod)}`},
      h('header', {class: 'pod-part'}, h('h2', null, pod.name || pod.id), identity(pod), this.gone),
      this.edges.root,
      h('section', {class: 'pod-part', 'aria-label': 'Network profiling'}, h('h3', null, 'Network profiling'), this.form.form, this.progress.root),
      this.place,
    );
  }

  /**
   * @param {boolean} there
   * @param {import('./profiles.js').Profile[]} profiles of this pod, the latest first
   */
  show(there, profiles) {
    this.gone.hidden = there;
    this.edges.show();
    const running = profiles.find(isOpen);
    const wanted = route().profile;
    const shown = wanted ? profiles.find(({id}) => id === wanted) : (running ?? profiles[0]);
    this.form.form.hidden = Boolean(running) || !there;
    this.progress.show(shown ?? running, running);
    if (this.profile && this.profile.id !== shown?.id) {
      this.profile.close();
      this.profile = null;
    }
    if (!shown) {
      replace(this.place, noProfile(wanted));
      this.owner.panel.hidden = true;
      return;
    }
    if (!this.profile) {
      this.profile = new ProfilePanel(shown, this.pod, this.owner.panel);
      replace(this.place, this.profile.root);
    }
    this.profile.show(shown);
  }

  /** @param {string} lineId gets the focus back */
  focusLine(lineId) {
    this.profile?.focusLine(lineId);
  }

  restyle() {
    this.profile?.restyle();
  }

  close() {
    this.edges.close();
    this.profile?.close();
    this.root.remove();
  }
}

/** @param {string} wanted id of the profile that was asked for */
function noProfile(wanted) {
  return wanted
    ? h('p', {class: 'pod-part', 'data-testid': 'empty'}, 'This profile is no longer kept. ', h('a', {href: link({profile: '', line: ''})}, 'Show the latest of this pod'))
    : h('p', {class: 'pod-part dim', 'data-testid': 'empty'}, 'No profile of this pod is kept. Start one: its processes and their connections appear within seconds.');
}

/** @param {import('./podkey.js').Pod} pod */
function identity(pod) {
  const facts = /** @type {[string, string | undefined][]} */ ([
    ['Namespace', pod.namespace],
    ['Workload', pod.workload],
    ['App', pod.app],
    ['Version', pod.version],
    ['Node', pod.node],
    ['Addresses', pod.addresses?.join(', ')],
  ]);
  return h('dl', {class: 'identity'}, facts.filter(([, value]) => value).map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}
