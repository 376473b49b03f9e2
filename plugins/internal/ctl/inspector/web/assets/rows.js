// The rows of the list that are here, of those that the server has.
import { get } from './api.js';

const CHUNK = 100; // rows of a request
const KEPT = 40; // chunks that are kept, those used last

/** Rows are the newest deliveries of a query up to one number, so that places do not move. */
export class Rows {
  matched = 0;
  total = 0;
  last = 0; // number of the newest row there is, as of the last answer
  dropped = 0;
  until = 0; // the newest row that counts
  loaded = false;
  /** @type {Error | null} */ error = null;
  /** @type {Record<string, string | string[]>} */ #query = {};
  /** @type {Map<number, import('./types.js').Row[]>} */ #chunks = new Map();
  /** @type {Map<number, AbortController>} */ #asked = new Map();
  #fresh = true; // the chunks are of this query
  #generation = 0;
  #refreshing = false;
  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * Begins anew. What is here stays until the first answer, so that nothing flickers.
   * @param {Record<string, string | string[]>} query @param {number} until 0 for the newest
   */
  reset(query, until) {
    this.#query = query;
    this.until = until;
    this.#generation += 1;
    this.#refreshing = false;
    this.#fresh = false;
    for (const asked of this.#asked.values()) asked.abort();
    this.#asked.clear();
    return this.refresh(until);
  }

  /** @param {number} index */
  at(index) {
    return this.#chunks.get(Math.floor(index / CHUNK))?.[index % CHUNK];
  }

  /** The index of a row that is here, or -1. @param {number} n */
  find(n) {
    for (const [chunk, rows] of this.#chunks) {
      const index = rows.findIndex((row) => row.n === n);
      if (index >= 0) return chunk * CHUNK + index;
    }
    return -1;
  }

  /** Loads what is missing of some rows, and gives up what was asked for others. @param {number} first @param {number} end */
  load(first, end) {
    if (!this.#fresh) return;
    const wanted = new Set();
    for (let chunk = Math.floor(first / CHUNK); chunk * CHUNK < Math.min(end, this.matched); chunk += 1) wanted.add(chunk);
    for (const [chunk, asked] of this.#asked) {
      if (wanted.has(chunk)) continue;
      asked.abort();
      this.#asked.delete(chunk);
    }
    for (const chunk of wanted) this.#want(chunk);
  }

  /** Takes the newest rows; true where it did not have to wait for another. @param {number} [until] */
  async refresh(until = 0) {
    if (this.#refreshing) return false;
    this.#refreshing = true;
    const generation = this.#generation;
    try {
      const page = await get('deliveries', { ...this.#query, offset: 0, count: CHUNK, until: until || '' });
      if (generation !== this.#generation) return false;
      this.until = until || page.last;
      this.#chunks.clear();
      this.#fresh = true;
      this.#keep(0, page);
    } catch (error) {
      if (generation !== this.#generation) return false;
      this.error = /** @type {Error} */ (error);
    }
    this.#refreshing = false;
    this.#changed();
    return true;
  }

  /** @param {number} chunk */
  async #want(chunk) {
    const rows = this.#chunks.get(chunk);
    if (rows) { // it is the one used last now
      this.#chunks.delete(chunk);
      this.#chunks.set(chunk, rows);
      return;
    }
    if (this.#asked.has(chunk)) return;
    const asked = new AbortController();
    this.#asked.set(chunk, asked);
    try {
      const page = await get('deliveries', { ...this.#query, offset: chunk * CHUNK, count: CHUNK, until: this.until || '' }, asked.signal);
      if (asked.signal.aborted) return;
      this.#keep(chunk, page);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.error = /** @type {Error} */ (error);
    }
    this.#asked.delete(chunk);
    this.#changed();
  }

  /** @param {number} chunk @param {any} page */
  #keep(chunk, page) {
    this.#chunks.set(chunk, page.rows ?? []);
    for (const oldest of this.#chunks.keys()) {
      if (this.#chunks.size <= KEPT) break;
      this.#chunks.delete(oldest);
    }
    this.matched = page.matched;
    this.total = page.total;
    this.last = page.last;
    this.dropped = page.dropped;
    this.loaded = true;
    this.error = null;
  }
}
