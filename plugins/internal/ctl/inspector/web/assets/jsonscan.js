// Finds the values of a JSON text without parsing all of it: only what is opened is looked
// into. It takes any text, since a payload may be cut or broken, and nests without a stack.

const [QUOTE, BRACKET, BRACKET_END, BRACE, BRACE_END] = [34, 91, 93, 123, 125]; // UTF-16 units
const LITERAL = /[^\s,:"[\]{}]*/y;
const GAP = /[\s,]*/y;
const COLON = /\s*:\s*/y;

/**
 * @typedef {object} Value
 * @property {number} start in the text
 * @property {number} end
 * @property {number} keyStart equal to keyEnd where it has no key
 * @property {number} keyEnd
 * @property {Value[]} [children] once they were looked for
 */

/** The end of a string. @param {string} text @param {number} at its quote @param {number} limit */
function endOfString(text, at, limit) {
  for (let quote = text.indexOf('"', at + 1); quote >= 0 && quote < limit; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\' && quote - 1 - slashes > at) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return limit;
}

/** @param {string} text @param {number} at @param {number} limit */
function endOfContainer(text, at, limit) {
  let depth = 0;
  for (let n = at; n < limit; n += 1) {
    const unit = text.charCodeAt(n);
    if (unit === QUOTE) n = endOfString(text, n, limit) - 1;
    else if (unit === BRACE || unit === BRACKET) depth += 1;
    else if (unit === BRACE_END || unit === BRACKET_END) {
      depth -= 1;
      if (depth === 0) return n + 1;
    }
  }
  return limit;
}

/** @param {string} text @param {number} at @param {number} limit */
function endOf(text, at, limit) {
  const first = text[at];
  if (first === '"') return endOfString(text, at, limit);
  if (first === '{' || first === '[') return endOfContainer(text, at, limit);
  return Math.min(limit, Math.max(at + 1, after(LITERAL, text, at)));
}

/** @param {RegExp} pattern a sticky one @param {string} text @param {number} at */
function after(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The whole text as a value. @param {string} text @returns {Value} */
export function root(text) {
  const start = Math.min(after(GAP, text, 0), Math.max(0, text.length - 1));
  return { start, end: endOf(text, start, text.length), keyStart: 0, keyEnd: 0 };
}

/** @param {string} text @param {Value} value */
export const isContainer = (text, value) => text[value.start] === '{' || text[value.start] === '[';

/** The values in a container, which keeps them. @param {string} text @param {Value} value @returns {Value[]} */
export function children(text, value) {
  if (value.children) return value.children;
  /** @type {Value[]} */ const found = [];
  value.children = found;
  const object = text[value.start] === '{';
  for (let at = after(GAP, text, value.start + 1); at < value.end; at = after(GAP, text, at)) {
    if (text[at] === '}' || text[at] === ']') break;
    let keyStart = 0;
    let keyEnd = 0;
    if (object && text[at] === '"') {
      const end = endOfString(text, at, value.end);
      const colon = after(COLON, text, end);
      if (colon > end && colon < value.end) [keyStart, keyEnd, at] = [at, end, colon];
    }
    const end = endOf(text, at, value.end);
    found.push({ start: at, end, keyStart, keyEnd });
    at = end;
  }
  return found;
}
