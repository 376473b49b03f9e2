// Texts of the routing picture: SVG has no ellipsis, so they are cut to their box here.
import { perMinute, plain } from './text.js';

/**
 * As much of a text as fits.
 * @param {string} text
 * @param {number} width of its box
 * @param {number} glyph width of a character
 */
export function clip(text, width, glyph) {
  const shown = plain(text);
  const most = Math.max(3, Math.floor((width - 18) / glyph));
  return shown.length <= most ? shown : `${shown.slice(0, most - 1)}…`;
}

/** So many a minute. @param {number} x */
export const rate = (x) => (x > 0 && x < 0.1 ? '<0.1/min' : perMinute(x));
