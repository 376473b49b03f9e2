import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scroller, TALLEST } from './scroller.js';

const list = (rows) => {
  const scroller = new Scroller();
  scroller.resize(rows, 36, 720);
  return scroller;
};

test('a short list scrolls as the browser does', () => {
  const scroller = list(1000);
  scroller.scrolled(3600);
  assert.equal(scroller.position, 3600);
  assert.equal(scroller.place(100), 3600);
  assert.deepEqual(scroller.window, { first: 92, end: 128 });
  assert.equal(scroller.settle(), 3600);
});

test('a million rows fit into an element, and the ends are where they are', () => {
  const scroller = list(1_000_000);
  assert.equal(scroller.shown, TALLEST);
  scroller.scrolled(TALLEST - 720);
  assert.equal(scroller.window.end, 1_000_000);
  assert.equal(scroller.place(999_999) + 36, TALLEST);
  scroller.scrolled(0);
  assert.equal(scroller.position, 0);
  assert.equal(scroller.place(0), 0);
});

test('small steps move the rows of a million pixel by pixel', () => {
  const scroller = list(1_000_000);
  scroller.scrolled(TALLEST / 2);
  const before = scroller.position;
  for (let step = 1; step <= 20; step += 1) scroller.scrolled(TALLEST / 2 + step * 100);
  assert.equal(scroller.position - before, 2000);
  const place = scroller.position;
  const top = scroller.settle();
  assert.equal(scroller.position, place);
  assert.ok(Math.abs(top / (TALLEST - 720) - place / (36_000_000 - 720)) < 1e-6);
});

test('every row can be brought into sight', () => {
  const scroller = list(1_000_000);
  for (const row of [0, 1, 19, 20, 333_333, 999_980, 999_999, 5]) {
    scroller.reveal(row);
    scroller.settle();
    const { first, end } = scroller.window;
    assert.ok(first <= row && row < end, `${row} in ${first} to ${end}`);
    assert.ok(scroller.place(row) >= scroller.top && scroller.place(row) + 36 <= scroller.top + 720);
  }
});

test('fewer rows bring the position back', () => {
  const scroller = list(1000);
  scroller.scrolled(30_000);
  scroller.resize(10, 36, 720);
  assert.equal(scroller.position, 0);
});
