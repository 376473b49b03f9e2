// Texts of the routing picture: SVG has no ellipsis, so they are cut to their box here.
import { perMinute, plain } from './text.js';

/** Letters that are wider than the others, and how much. */
const wide = /[A-Z_MWmw]/;

/**
 * As much of a text as fits.
 * @param {string} text
 * @param {number} width of its box
 * @param {number} glyph width of a usual character
 */
export function clip(text, width, glyph) {
  const shown = [...plain(text)];
  let left = Math.max(3 * glyph, width - 18);
  for (let n = 0; n < shown.length; n++) {
    left -= wide.test(shown[n]) ? glyph * 1.2 : glyph;
    if (left < 0) return `${shown.slice(0, Math.max(1, n - 1)).join('')}…`;
  }
  return shown.join('');
}

/** So many a minute. @param {number} x */
export const rate = (x) => (x > 0 && x < 0.1 ? '<0.1/min' : perMinute(x));
