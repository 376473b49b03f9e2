// The filters of the list: search, and one choice a column. They live in the URL's hash, so
// that a link, a reload and the browser's Back keep them.
import { html, live, nothing, repeat } from './lit.js';
import { get } from './api.js';
import { listHash } from './parts.js';
import { count, plain, visible } from './text.js';

/** The columns that can be chosen from, with the server's names. */
export const COLUMNS = [
  ['provider', 'Provider'], ['route', 'Route'], ['type', 'Event type'], ['tenant', 'Tenant'],
  ['state', 'State'], ['status', 'Status'], ['code', 'Code'], ['ack', 'Ack'],
];
const SHOWN = 200; // values of a column

/** Filters are what the list is asked for. */
export class Filters {
  search = '';
  /** @type {Record<string, string[]>} */ chosen = {};
  until = 0; // where the list is paused, 0 where it is not
  /** @type {string} */ open = ''; // column whose choice is shown
  wide = false; // on a narrow screen: the columns are shown
  #facets = /** @type {any} */ (null);
  #typed = 0;
  #applied = ''; // the query that was read last: what is typed and chosen is ahead of it
  #narrow = '';

  /** @param {URLSearchParams} params @returns {boolean} whether anything but the pause is another one */
  read(params) {
    const search = params.get('q') ?? '';
    if (!this.#typed) this.search = search; // else more is typed already
    this.until = Number(params.get('until')) || 0;
    this.chosen = {};
    for (const [name] of COLUMNS) {
      const values = (params.get(name) ?? '').split(',').filter(Boolean);
      if (values.length > 0) this.chosen[name] = values;
    }
    const applied = JSON.stringify({ ...this.query, q: search });
    const other = applied !== this.#applied;
    this.#applied = applied;
    return other;
  }

  /** @returns {Record<string, string | string[]>} */
  get query() {
    return { ...this.chosen, q: this.search };
  }

  get hash() {
    return listHash({ ...this.query, until: this.until ? String(this.until) : '' });
  }

  get active() {
    return this.search !== '' || Object.keys(this.chosen).length > 0;
  }

  clear() {
    this.search = '';
    this.chosen = {};
    this.apply();
  }

  /** Writes the hash, which enters the list again. */
  apply() {
    clearTimeout(this.#typed);
    this.#typed = 0;
    location.replace(this.hash);
  }

  /** @param {string} text */
  #type(text) {
    this.search = text;
    clearTimeout(this.#typed);
    this.#typed = setTimeout(() => this.apply(), 180);
  }

  /** @param {import('./types.js').Page} page @param {string} name */
  async toggle(page, name) {
    this.open = this.open === name ? '' : name;
    this.#narrow = '';
    page.update();
    if (!this.open) return;
    try {
      this.#facets = await get('facets');
    } catch (error) {
      page.fail(error);
    }
    page.update();
  }

  /** @param {string} name @param {string} value */
  #choose(name, value) {
    const chosen = new Set(this.chosen[name]);
    if (!chosen.delete(value)) chosen.add(value);
    if (chosen.size > 0) this.chosen[name] = [...chosen];
    else delete this.chosen[name];
    this.apply();
  }

  /** @param {import('./types.js').Page} page */
  render(page) {
    return html`<div class="filters ${this.wide ? 'opened' : ''}" role="search" aria-label="Filters">
      <input class="filters-search" type="search" id="search" placeholder="Search, or an id  ( / )" aria-label="Search deliveries" aria-keyshortcuts="/" autocomplete="off" spellcheck="false"
        .value=${live(this.search)} @input=${(/** @type {any} */ event) => this.#type(event.target.value)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') this.apply(); }}>
      <button type="button" class="button filters-more" aria-expanded=${this.wide} @click=${() => { this.wide = !this.wide; page.update(); }}>Filters${Object.keys(this.chosen).length > 0 ? ` · ${Object.keys(this.chosen).length}` : ''}</button>
      <div class="filters-columns">${COLUMNS.map(([name, title]) => this.#column(page, name, title))}
        ${this.active ? html`<button type="button" class="button quiet small" aria-keyshortcuts="x" @click=${() => this.clear()}>Clear all</button>` : nothing}
      </div>
    </div>`;
  }

  /** @param {import('./types.js').Page} page @param {string} name @param {string} title */
  #column(page, name, title) {
    const chosen = this.chosen[name] ?? [];
    const open = this.open === name;
    return html`<div class="filter ${chosen.length > 0 ? 'chosen' : ''}">
      <button type="button" class="filter-button" id=${`filter-${name}`} aria-expanded=${open} aria-controls=${open ? `choice-${name}` : nothing} @click=${() => this.toggle(page, name)}>
        ${title}${chosen.length > 0 ? html`: <b>${chosen.length === 1 ? visible(chosen[0]) : `${chosen.length} chosen`}</b>` : nothing}<span aria-hidden="true" class="filter-arrow"></span>
      </button>
      ${chosen.length > 0 ? html`<button type="button" class="filter-off" aria-label=${`Remove the filter ${title}`} @click=${() => { delete this.chosen[name]; this.apply(); }}>✕</button>` : nothing}
      ${open ? this.#choice(page, name, title) : nothing}
    </div>`;
  }

  /** @param {import('./types.js').Page} page @param {string} name @param {string} title */
  #choice(page, name, title) {
    const facets = /** @type {{ value: string, rows: number }[]} */ (this.#facets?.[name] ?? []);
    const chosen = this.chosen[name] ?? [];
    const gone = chosen.filter((value) => !facets.some((facet) => facet.value === value)).map((value) => ({ value, rows: 0 }));
    const all = [...gone, ...facets];
    const matching = all.filter((facet) => facet.value.toLowerCase().includes(this.#narrow.toLowerCase()));
    return html`<div class="choice" id=${`choice-${name}`} role="group" aria-label=${title} @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') { event.stopPropagation(); this.close(page); } }}>
      ${all.length > 8 ? html`<input type="search" aria-label=${`Find in ${title}`} placeholder="Find" @input=${(/** @type {any} */ event) => { this.#narrow = event.target.value; page.update(); }}>` : nothing}
      ${this.#facets && all.length === 0 ? html`<p class="dim">No delivery has one yet.</p>` : nothing}
      ${repeat(matching.slice(0, SHOWN), (facet) => facet.value, (facet) => html`<label>
        <input type="checkbox" aria-label=${`${plain(facet.value)}, ${facet.rows} deliveries`} .checked=${live(chosen.includes(facet.value))} @change=${() => this.#choose(name, facet.value)}>
        <span class="choice-value">${visible(facet.value)}</span><span class="dim num">${count(facet.rows)}</span>
      </label>`)}
      ${matching.length > SHOWN ? html`<p class="dim">and ${count(matching.length - SHOWN)} more: search for them</p>` : nothing}
    </div>`;
  }

  /** @param {import('./types.js').Page} page */
  close(page) {
    const name = this.open;
    this.open = '';
    page.update();
    document.getElementById(`filter-${name}`)?.focus();
  }
}
