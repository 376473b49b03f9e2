// Texts for people: numbers, times, and what senders wrote, made harmless.
import { html } from './lit.js';

// What is invisible, or turns the direction of the text around it: control characters but
// tab and line feed, bidi controls, zero-width characters, tags, lone surrogates. Selectors of emoji are let be.
const ODD = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\r(?!\n)|\p{Surrogate}/gu;

/** @param {string} odd */
const codePoint = (odd) => `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/**
 * Splits a text into what is harmless and what is odd, by turns, beginning with harmless.
 * @param {string} text
 */
export function pieces(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(ODD)) {
    found.push(text.slice(from, match.index), match[0]);
    from = match.index + match[0].length;
  }
  found.push(text.slice(from));
  return found;
}

/**
 * A text that somebody else chose: its direction cannot reach its neighbours, and what is
 * invisible shows as its code point.
 * @param {unknown} value
 */
export function visible(value) {
  return html`<bdi>${marked(String(value ?? ''))}</bdi>`;
}

/**
 * The same without the element, for texts in blocks of their own.
 * @param {string} text
 */
export function marked(text) {
  const all = pieces(text);
  if (all.length === 1) return text;
  return all.map((piece, n) => (n % 2 === 1 ? html`<span class="odd" title="invisible character">${codePoint(piece)}</span>` : piece));
}

/** The same as plain text, for attributes. @param {unknown} value */
export function plain(value) {
  return pieces(String(value ?? '')).map((piece, n) => (n % 2 === 1 ? `[${codePoint(piece)}]` : piece)).join('');
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const hundredth = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

/** @param {number} n */
export const count = (n) => whole.format(n);

/** @param {number} n */
export function bytes(n) {
  if (n < 1024) return `${whole.format(n)} B`;
  if (n < 1 << 20) return `${tenth.format(n / 1024)} KiB`;
  return `${tenth.format(n / (1 << 20))} MiB`;
}

/** @param {number} us */
export function micros(us) {
  if (us < 1000) return `${whole.format(us)} µs`;
  if (us < 1_000_000) return `${(us < 10_000 ? hundredth : tenth).format(us / 1000)} ms`;
  return `${hundredth.format(us / 1_000_000)} s`;
}

/** @param {number} n */
export const rate = (n) => (n < 10 ? tenth : whole).format(n);

/** @param {number} n */
export const perMinute = (n) => `${rate(n)}/min`;

/** @param {string[]} list */
export const sentence = (list) => (list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`);

const two = (/** @type {number} */ n) => String(n).padStart(2, '0');

/** The time of day with milliseconds, and the date where it is not today's. @param {string} iso */
export function clock(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return at.toDateString() === new Date().toDateString() ? time : `${date(at)} ${time}`;
}

/** @param {Date} at */
const date = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** @param {string} iso @param {number} [now] in milliseconds */
export function ago(iso, now = Date.now()) {
  const seconds = Math.round((now - new Date(iso).getTime()) / 1000);
  if (Number.isNaN(seconds)) return '';
  if (seconds < 2) return 'now';
  if (seconds < 100) return `${seconds} s ago`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}
