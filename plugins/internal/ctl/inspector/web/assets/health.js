// How the parts of an installation are, the worst first.
import { get } from './api.js';
import { html, nothing } from './lit.js';
import { empty, fault, loading, mark } from './parts.js';
import { ago, clock, visible } from './text.js';

/** @typedef {import('./types-state.js').Check} Check */
/** @typedef {import('./types-state.js').Health} Health */

/** Milliseconds between two looks. */
const interval = 10_000;

/** Good checks of an area that are shown before the rest of them is folded. */
const unfolded = 3;

/** The states, the worst first, and their words. @type {Record<Check['state'], {rank: number, word: string, many: string}>} */
const states = {
  bad: { rank: 0, word: 'bad', many: 'bad' },
  warn: { rank: 1, word: 'warning', many: 'warnings' },
  unknown: { rank: 2, word: 'unknown', many: 'unknown' },
  good: { rank: 3, word: 'good', many: 'good' },
};

/** @type {Record<string, string>} */
const areas = {
  broker: 'Broker', journal: 'Journal', policy: 'Policies', addresses: 'Address lists', secrets: 'Secrets', providers: 'Providers', config: 'Configuration', quarantine: 'Quarantine', process: 'Plugin process',
};

const state = {
  /** @type {Health | null} */ health: null,
  /** @type {any} */ error: null,
  timer: 0,
};

/** @param {import('./types.js').Page} page */
async function load(page) {
  try {
    const health = await get('health');
    state.health = { ...health, checks: health.checks ?? [] }; // an empty list is null in Go's JSON
    state.error = null;
  } catch (error) {
    state.error = error;
  }
  page.update();
}

/** @param {Check} c */
const rank = (c) => states[c.state]?.rank ?? states.unknown.rank;

/** @param {Check[]} checks */
function byArea(checks) {
  /** @type {Map<string, Check[]>} */
  const groups = new Map();
  for (const c of [...checks].sort((a, b) => rank(a) - rank(b))) groups.set(c.area, [...(groups.get(c.area) ?? []), c]);
  return [...groups]; // the area of the worst check came first
}

/** @param {import('./types.js').Page} page @param {Check} c */
const check = (page, c) => html`<li class="health-check ${c.state}">
  <div class="health-line">${mark(c.state, states[c.state]?.word ?? c.state)}<strong>${visible(c.name)}</strong>
    ${c.since ? html`<time class="dim" datetime=${c.since} title=${clock(c.since)}>since ${ago(c.since, page.now())}</time>` : nothing}</div>
  <p>${visible(c.text)}</p>
  ${c.do ? html`<p class="health-do"><span class="dim">What to do:</span> ${visible(c.do)}</p>` : nothing}
  ${c.metric ? html`<p class="dim">Metric <code>${c.metric}</code></p>` : nothing}
</li>`;

/** @param {import('./types.js').Page} page @param {string} name @param {Check[]} checks */
function area(page, name, checks) {
  const good = checks.filter((c) => c.state === 'good');
  const folded = good.length > unfolded ? good : [];
  const shown = checks.filter((c) => !folded.includes(c));
  const worst = checks[0].state;
  return html`<section class="panel health-area" aria-labelledby="health-${name}">
    <h2 id="health-${name}">${areas[name] ?? name} ${mark(worst, states[worst]?.word ?? worst)}</h2>
    ${shown.length > 0 ? html`<ul class="health-checks">${shown.map((c) => check(page, c))}</ul>` : nothing}
    ${folded.length > 0 ? html`<details><summary>${folded.length} good</summary><ul class="health-checks">${folded.map((c) => check(page, c))}</ul></details>` : nothing}
  </section>`;
}

/** @param {Health} health */
function summary(health) {
  const counts = /** @type {Check['state'][]} */ (Object.keys(states)).map((s) => ({ s, n: health.checks.filter((c) => c.state === s).length }));
  return html`<p class="row health-summary">${counts.filter((c) => c.n > 0).map(({ s, n }) => mark(s, `${n} ${n === 1 ? states[s].word : states[s].many}`))}</p>`;
}

/** @type {import('./types.js').View} */
export const health = {
  title: 'Health',
  enter(page) {
    clearInterval(state.timer);
    state.timer = setInterval(() => { if (!document.hidden) void load(page); }, interval);
    void load(page);
  },
  leave() {
    clearInterval(state.timer);
  },
  tick(page, tick) {
    if (tick.changed === 'config') void load(page);
  },
  render(page) {
    const { health: known, error } = state;
    return html`<div class="page health">
      <div class="head"><h1>Health</h1>${known ? html`<span class="dim">looked at ${clock(known.at)}</span>` : nothing}
        <button type="button" class="button small" @click=${() => load(page)}>Look again</button></div>
      ${error ? fault(error, () => load(page)) : nothing}
      ${known ? html`${summary(known)}
        ${known.checks.length === 0 ? empty('Nothing to look at', 'No part of an installation is known here.') : nothing}
        <div class="health-areas">${byArea(known.checks).map(([name, checks]) => area(page, name, checks))}</div>` : error ? nothing : loading('Health')}
    </div>`;
  },
};
