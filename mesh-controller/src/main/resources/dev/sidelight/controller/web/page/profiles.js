/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {apiPath, fetchJson} from './api.js';
import {h} from './dom.js';

/**
 * Network profiling of a pod: the form that starts it, and what is said of it in words.
 *
 * @typedef {object} Profile as `/api/v1/profiles` has it
 * @property {string} id
 * @property {{id: string, node?: string, name?: string, namespace?: string, workload?: string}} pod
 * @property {'pending' | 'running' | 'ended' | 'refused'} state
 * @property {string} [reason]
 * @property {number} startEpochMillis
 * @property {object} [samples] where samples were asked for
 * @property {number} durationSeconds
 * @property {number} [remainingSeconds]
 * @property {number} [reports]
 * @property {number} [reportsMissing]
 * @property {number} [connectionsOmitted]
 * @property {number} [samplesOmitted]
 * @property {number} [intervalsOmitted] whose course is not kept, the sums are
 */

const KEPT = 'sidelight.apiToken';

/** The reasons of a probe in words, with the way out where there is one. */
const REASONS = {
  time: 'its time was over',
  asked: 'it was stopped',
  pod_gone: 'the pod is gone',
  probe_gone: 'its time was over, and the probe was not there at the end: its last reports are missing',
  silent: 'its time was over and no report had come: see whether the probe of the node runs, and what its log says',
  unknown_pod: 'the probe of the node does not know the pod; it has perhaps just ended: reload the list of pods',
  too_many_tasks: 'the probe profiles as many pods as it may at once: end another profile, or wait for its end',
  bad_duration: 'the probe takes no such duration: choose another',
  too_long: 'it is longer than the probe allows: choose a shorter time',
  bad_interval: 'the probe does not report at such an interval: choose another',
  secret_header: 'a header was asked for whose value never leaves the node: take it off the list',
  too_many_headers: 'more headers were asked for than the probe allows: name fewer',
};

/** @param {string | undefined} reason */
export function reasonInWords(reason) {
  return reason ? (/** @type {Record<string, string>} */ (REASONS)[reason] ?? reason.replaceAll('_', ' ')) : '';
}

/**
 * `running, 93 s left`: where a profile stands.
 *
 * @param {Profile} profile
 */
export function stateInWords(profile) {
  const reason = reasonInWords(profile.reason);
  switch (profile.state) {
    case 'pending':
      return 'waiting for the probe';
    case 'running':
      return `running, ${Math.ceil(profile.remainingSeconds ?? 0)} s left`;
    default:
      return reason ? `${profile.state}: ${reason}` : profile.state;
  }
}

/** @param {Profile} profile */
export function isOpen(profile) {
  return profile.state === 'pending' || profile.state === 'running';
}

/** The API token: of this tab alone, and gone with it. */
export const apiToken = {
  /** @returns {string} empty where there is none */
  get() {
    try {
      return sessionStorage.getItem(KEPT) ?? '';
    } catch {
      return ''; // storage is forbidden in this browser
    }
  },
  /** @param {string} token empty forgets it */
  keep(token) {
    try {
      sessionStorage.setItem(KEPT, token);
    } catch {
      // storage is forbidden in this browser: it is asked for each time
    }
  },
};

/**
 * @param {string} id
 * @returns {string} of the profile's own endpoint
 */
export function profilePath(id, below = '') {
  return apiPath(`/api/v1/profiles/${encodeURIComponent(id)}${below}`);
}

/**
 * A field that asks for the API token, shown only while one is needed. What was typed is kept once the controller has
 * taken it.
 */
export class TokenField {
  constructor() {
    this.input = /** @type {HTMLInputElement} */ (
      h('input', {type: 'password', autocomplete: 'off', spellcheck: 'false', 'data-testid': 'profile-token'})
    );
    /** Whether something was refused for want of it. */
    this.refused = false;
    this.root = h('label', {class: 'field token', hidden: true}, h('span', {class: 'label'}, 'API token'), this.input);
  }

  /** @param {boolean} needed whether the controller asks for one */
  show(needed) {
    this.root.hidden = !(needed || this.refused) || apiToken.get() !== '';
  }

  /**
   * Sends what changes something, with the token.
   *
   * @param {string} path
   * @param {string} method
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async send(path, method, body) {
    const token = this.input.value || apiToken.get();
    try {
      const answer = await fetchJson(path, {method, body, token});
      if (this.input.value) {
        apiToken.keep(token);
        this.input.value = '';
      }
      this.refused = false;
      this.root.hidden = true;
      return answer;
    } catch (failure) {
      if (/** @type {any} */ (failure).status === 401) {
        apiToken.keep('');
        this.refused = true;
        this.show(true);
        this.input.select();
        this.input.focus();
        throw new Error(
          token ? 'The controller does not take this API token.' : 'This needs the API token: the value of the setting api.token of the controller.',
        );
      }
      throw failure;
    }
  }
}

const DURATIONS = /** @type {[number, string][]} */ ([
  [30, '30 s'],
  [60, '1 minute'],
  [120, '2 minutes'],
  [300, '5 minutes'],
  [600, '10 minutes'],
]);

const INTERVALS = /** @type {[number, string][]} */ ([
  [1000, '1 s'],
  [2000, '2 s'],
  [5000, '5 s'],
]);

/** Starts a profile of one pod. */
export class ProfileForm {
  /**
   * @param {string} pod its id
   * @param {TokenField} token
   * @param {(id: string) => void} onProfile told the id of what was started, or of what runs for the pod already
   */
  constructor(pod, token, onProfile) {
    this.pod = pod;
    this.token = token;
    this.onProfile = onProfile;
    this.message = h('p', {class: 'message', role: 'alert', 'data-testid': 'profile-message'});
    this.button = /** @type {HTMLButtonElement} */ (
      h('button', {type: 'submit', class: 'primary', 'data-testid': 'profile-start'}, 'Start network profiling')
    );
    this.sampled = /** @type {HTMLInputElement} */ (
      h('input', {type: 'checkbox', 'data-testid': 'profile-sampled', onchange: () => this.offerSamples()})
    );
    this.samples = /** @type {HTMLFieldSetElement} */ (samplesWanted());
    this.form = /** @type {HTMLFormElement} */ (
      h(
        'form',
        {class: 'profile-form', 'data-testid': 'profile-form'},
        h(
          'div',
          {class: 'row'},
          choice('durationSeconds', 'For', DURATIONS, 120),
          choice('intervalMillis', 'Reported each', INTERVALS, 1000),
          h('label', {class: 'check'}, this.sampled, 'Sample exchanges'),
          this.button,
        ),
        this.samples,
        token.root,
        this.message,
      )
    );
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.start();
    });
    this.offerSamples();
  }

  offerSamples() {
    this.samples.hidden = !this.sampled.checked;
    this.samples.disabled = !this.sampled.checked;
  }

  async start() {
    this.button.disabled = true;
    this.message.textContent = '';
    try {
      this.onProfile((await this.token.send('/api/v1/profiles', 'POST', this.task())).id);
    } catch (thrown) {
      const failure = /** @type {any} */ (thrown);
      if (failure.status === 409 && failure.body?.profile) {
        this.onProfile(failure.body.profile);
      } else {
        this.message.textContent = failure.message;
      }
    } finally {
      this.button.disabled = false;
    }
  }

  /** @returns {object} as `POST /api/v1/profiles` takes it */
  task() {
    const fields = new FormData(this.form);
    const task = {
      pod: this.pod,
      durationSeconds: Number(fields.get('durationSeconds')),
      intervalMillis: Number(fields.get('intervalMillis')),
    };
    if (!this.sampled.checked) {
      return task;
    }
    const names = String(fields.get('headerValues')).toLowerCase().split(/[\s,;]+/);
    return {
      ...task,
      samples: {
        slowMillis: Number(fields.get('slowMillis')),
        clientErrors: fields.has('clientErrors'),
        serverErrors: fields.has('serverErrors'),
        headerValues: names.filter((name) => name !== ''),
      },
    };
  }
}

function samplesWanted() {
  return h(
    'fieldset',
    {class: 'samples-wanted'},
    h('legend', null, 'Exchanges that are told singly, at most ten a second'),
    h(
      'label',
      {class: 'field'},
      h('span', {class: 'label'}, 'Slower than, ms (0: none for being slow)'),
      h('input', {type: 'number', name: 'slowMillis', value: 500, min: 0, max: 3_600_000, required: true, 'data-testid': 'profile-slow-millis'}),
    ),
    h('label', {class: 'check'}, h('input', {type: 'checkbox', name: 'clientErrors', checked: true}), 'Answered 4xx'),
    h('label', {class: 'check'}, h('input', {type: 'checkbox', name: 'serverErrors', checked: true}), 'Answered 5xx'),
    h(
      'label',
      {class: 'field wide'},
      h('span', {class: 'label'}, 'Headers whose values may leave the node; of all others the names alone do'),
      h('input', {type: 'text', name: 'headerValues', placeholder: 'user-agent, content-type', spellcheck: 'false', autocomplete: 'off', 'data-testid': 'profile-headers'}),
    ),
  );
}

/**
 * @param {string} name
 * @param {string} label
 * @param {[number, string][]} choices
 * @param {number} chosen
 */
function choice(name, label, choices, chosen) {
  return h(
    'label',
    {class: 'field'},
    h('span', {class: 'label'}, label),
    h('select', {name, 'data-testid': `profile-${name}`}, choices.map(([value, text]) => h('option', {value, selected: value === chosen}, text))),
  );
}
