import assert from 'node:assert/strict';
import { test } from 'node:test';
import { children, isContainer, root } from './jsonscan.js';
import { Tree } from './tree.js';

/** What the scanner finds, put together again. */
function value(text, found) {
  if (!isContainer(text, found)) return JSON.parse(text.slice(found.start, found.end));
  const inside = children(text, found);
  if (text[found.start] === '[') return inside.map((child) => value(text, child));
  return Object.fromEntries(inside.map((child) => [JSON.parse(text.slice(child.keyStart, child.keyEnd)), value(text, child)]));
}

const samples = [
  {}, [], 0, -1.5e-7, true, null, 'a', '', [[]], [{}], { '': '' }, { a: { b: [1, 'two', null, { c: 'd' }] }, 'k\\"ey}': '[{"\\' },
  ['\\', '\\\\', '"', '\\"', '{', ']', ',:', '\u202e\u0000', '\ud800', 'ü😀'],
];

test('the scanner finds what JSON.parse finds', () => {
  for (const sample of samples) {
    for (const text of [JSON.stringify(sample), ` \n${JSON.stringify(sample, null, 2)}\n`]) {
      assert.deepEqual(value(text, root(text)), sample, text);
    }
  }
});

test('a broken or cut text ends', () => {
  const whole = JSON.stringify(samples);
  for (let length = 0; length <= whole.length; length += 1) {
    for (const text of [whole.slice(0, length), whole.slice(length), `{${whole.slice(0, length)}`]) {
      let found = 0;
      const look = (at) => {
        found += 1;
        assert.ok(at.start <= at.end && at.end <= text.length, `${at.start} to ${at.end} in ${text}`);
        if (isContainer(text, at)) children(text, at).forEach(look);
      };
      look(root(text));
      assert.ok(found <= 2 * text.length + 1, `${found} values in ${text}`);
    }
  }
});

test('nothing nests too deeply, and nothing is too much', () => {
  const deep = new Tree('['.repeat(250_000), [{ start: 100_000, end: 100_001, id: 0 }]);
  assert.ok(deep.lines.length < 300, `${deep.lines.length} lines`);
  const many = new Tree(JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key${n}`, n]))), []);
  assert.equal(many.lines.length, 203);
  const more = many.lines.find((line) => line.kind === 'more');
  assert.equal(more.rest, 9800);
  many.more(more.value);
  assert.equal(many.lines.length, 403);
});

test('what is marked is in a line, also where its container is closed', () => {
  const text = JSON.stringify({ a: { b: { c: { d: { e: { f: { g: 'here' } } } } } }, list: Array.from({ length: 500 }, (_, n) => `item${n}`) });
  const spots = ['"here"', '"item400"'].map((found, id) => ({ start: text.indexOf(found), end: text.indexOf(found) + found.length, id }));
  const tree = new Tree(text, spots);
  const at = (id) => tree.lines.filter((line) => line.spots.includes(id)).map((line) => line.kind);
  assert.deepEqual(at(0), ['value']);
  assert.deepEqual(at(1), ['more']);
  tree.toggle(children(text, tree.root)[0]);
  assert.deepEqual(at(0), ['closed']);
});
