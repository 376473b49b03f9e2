// A JSON payload as lines, of which only those that are opened exist.
import { children, isContainer, root } from './jsonscan.js';

const MORE = 200; // children of a container that are shown at a time
const OPENED = 140; // lines that are opened from the start
const FEW = 40; // children of a container that is opened from the start
const DEEPEST = 64; // levels that are opened on the way to what is marked
const LONG = 600; // characters of a string that are shown at a time

/** A range of the text, with the number of what it is the place of. @typedef {{ start: number, end: number, id: number }} Spot */
/** @typedef {import('./jsonscan.js').Value} Value */
/**
 * @typedef {object} Line
 * @property {'value' | 'open' | 'closed' | 'end' | 'more' | 'empty'} kind
 * @property {number} depth
 * @property {Value} value
 * @property {number} [rest] children that are not shown, of more
 * @property {number[]} spots
 */

/** Tree knows what of a payload is open. */
export class Tree {
  version = 0; // steps with each change
  /** @type {Map<number, number>} */ #open = new Map(); // start of a container: children shown
  /** @type {Map<number, number>} */ #long = new Map(); // start of a string: characters shown
  /** @type {Line[] | null} */ #lines = null;

  /** @param {string} text @param {Spot[]} spots */
  constructor(text, spots) {
    this.text = text;
    this.spots = spots;
    this.root = root(text);
    this.#openSome();
  }

  /** Opens the way to what is marked, and then as much as is good to look at. */
  #openSome() {
    for (const spot of this.spots) {
      let value = this.root;
      for (let depth = 0; depth < DEEPEST && isContainer(this.text, value) && value.start < spot.start; depth += 1) {
        const next = children(this.text, value).find((child) => child.start <= spot.start && spot.start < child.end);
        this.#open.set(value.start, MORE);
        if (!next) break;
        value = next;
      }
    }
    let lines = 0;
    let level = [this.root];
    for (let depth = 0; depth < 4 && level.length > 0; depth += 1) {
      const next = [];
      for (const value of level) {
        if (!isContainer(this.text, value)) continue;
        const inside = children(this.text, value);
        if (depth > 0 && (inside.length > FEW || lines + inside.length > OPENED)) continue;
        lines += Math.min(inside.length, MORE);
        this.#open.set(value.start, this.#open.get(value.start) ?? MORE);
        next.push(...inside.slice(0, MORE));
      }
      level = next;
    }
  }

  #changed() {
    this.version += 1;
    this.#lines = null;
  }

  /** @param {Value} value */
  toggle(value) {
    if (!this.#open.delete(value.start)) this.#open.set(value.start, MORE);
    this.#changed();
  }

  /** Shows more of a container, or of a string. @param {Value} value */
  more(value) {
    if (isContainer(this.text, value)) this.#open.set(value.start, (this.#open.get(value.start) ?? 0) + MORE);
    else this.#long.set(value.start, this.shown(value) + 20 * LONG);
    this.#changed();
  }

  /** Characters of a string that are shown. @param {Value} value */
  shown(value) {
    return Math.min(value.end - value.start, this.#long.get(value.start) ?? LONG);
  }

  /** @param {Value} value */
  count(value) {
    return children(this.text, value).length;
  }

  get lines() {
    this.#lines ??= this.#build();
    return this.#lines;
  }

  /** @returns {Line[]} */
  #build() {
    /** @type {Line[]} */ const lines = [];
    /** @type {{ values: Value[], next: number, of: Value | null }[]} */
    const stack = [{ values: [this.root], next: 0, of: null }];
    while (stack.length > 0) {
      const place = stack[stack.length - 1];
      const depth = stack.length - 1;
      const value = place.values[place.next];
      const limit = place.of ? this.#open.get(place.of.start) ?? 0 : 1;
      if (value && place.next < limit) {
        place.next += 1;
        this.#line(lines, stack, value, depth);
        continue;
      }
      stack.pop();
      if (!place.of) continue;
      if (value) lines.push({ kind: 'more', depth, value: place.of, rest: place.values.length - place.next, spots: this.#within(value.start, place.of.end) });
      lines.push({ kind: 'end', depth: depth - 1, value: place.of, spots: [] });
    }
    return lines;
  }

  /** @param {Line[]} lines @param {any[]} stack @param {Value} value @param {number} depth */
  #line(lines, stack, value, depth) {
    const spots = () => this.#within(value.keyStart || value.start, value.end);
    if (!isContainer(this.text, value)) lines.push({ kind: 'value', depth, value, spots: spots() });
    else if (this.#open.has(value.start)) {
      const values = children(this.text, value);
      if (values.length === 0) {
        lines.push({ kind: 'empty', depth, value, spots: spots() });
        return;
      }
      lines.push({ kind: 'open', depth, value, spots: this.spots.filter((spot) => spot.start === value.start).map((spot) => spot.id) });
      stack.push({ values, next: 0, of: value });
    } else lines.push({ kind: 'closed', depth, value, spots: spots() });
  }

  /** @param {number} start @param {number} end */
  #within(start, end) {
    return this.spots.filter((spot) => spot.start < end && spot.end > start).map((spot) => spot.id);
  }
}
