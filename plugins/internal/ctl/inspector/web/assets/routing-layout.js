// Where the boxes and lines of the routing picture stand. Nothing here touches the page.

/**
 * @typedef {import('./types-state.js').Routing} Routing
 * @typedef {Routing['routes'][number]} RoutingRoute
 * @typedef {NonNullable<RoutingRoute['targets']>[number]} RoutingTarget
 * @typedef {Routing['streams'][number]} RoutingStream
 * @typedef {{kind: string, key: string, x: number, y: number, w: number, h: number, title: string, sub: string, name: string, tone: string,
 *   query: Record<string, string[]> | null, hash: string, routes: Set<string>}} Node
 * @typedef {{x: number, y: number, w: number, h: number, stage: string, mode: string, refused: number, route: string}} Cell
 * @typedef {{from: {x: number, y: number}, to: {x: number, y: number}, rate: number | null, width: number, routes: Set<string>, dashed: boolean}} Edge
 * @typedef {{x: number, w: number, title: string}} Column
 */

const cell = { w: 56, h: 28, columns: 4 };
const box = { w: cell.columns * cell.w + 12, pad: 6, h: 46 };
const space = { row: 18, top: 34, bottom: 14 };
const least = { route: 150, provider: 112, stages: box.w, subject: 176, stream: 144, consumer: 144, gap: 54 };

/** Least width of the picture, in its own units. */
export const leastWidth = least.route + least.provider + least.stages + least.subject + least.stream + least.consumer + 5 * least.gap;

/**
 * Six columns over a width: what is more than the least goes to the gaps and the subjects.
 * @param {number} width
 * @returns {Record<string, Column>}
 */
function columns(width) {
  const more = Math.max(0, width - leastWidth);
  const gap = least.gap + Math.min(60, (more * 0.4) / 5);
  const rest = Math.max(0, width - leastWidth - 5 * (gap - least.gap));
  const widths = {
    route: least.route + Math.min(90, rest * 0.2), provider: least.provider + Math.min(50, rest * 0.1), stages: least.stages,
    subject: least.subject + Math.min(240, rest * 0.4), stream: least.stream + Math.min(80, rest * 0.15), consumer: least.consumer + Math.min(80, rest * 0.15),
  };
  const titles = { route: 'Routes', provider: 'Providers', stages: 'Stages', subject: 'Subjects', stream: 'Streams', consumer: 'Consumers' };
  /** @type {Record<string, Column>} */
  const made = {};
  let x = 0;
  for (const [name, w] of Object.entries(widths)) {
    made[name] = { x, w, title: titles[/** @type {keyof typeof titles} */ (name)] };
    x += w + gap;
  }
  return made;
}

/** @param {Column} column @param {string} kind @param {string} key @param {Partial<Node>} more @returns {Node} */
function node(column, kind, key, more) {
  return { kind, key, x: column.x, y: 0, w: column.w, h: box.h, title: key, sub: '', name: key, tone: '', query: null, hash: '', routes: new Set(), ...more };
}

/**
 * Gives each node of a column the height at which what leads to it stands, as far as the one
 * above leaves room.
 * @param {Node[]} nodes
 * @param {(n: Node) => number[]} sources centres
 */
function settle(nodes, sources) {
  /** @type {{n: Node, want: number}[]} */
  const wanted = nodes.map((n) => {
    const at = sources(n);
    return { n, want: at.length > 0 ? at.reduce((a, b) => a + b, 0) / at.length : Infinity };
  });
  wanted.sort((a, b) => a.want - b.want || 0);
  let free = space.top;
  for (const { n, want } of wanted) {
    n.y = Math.max(free, want === Infinity ? free : want - n.h / 2);
    free = n.y + n.h + space.row;
  }
}

/** @param {Node} n */
const centre = (n) => n.y + n.h / 2;

/** How thick a line of so many a minute is. @param {number} rate */
const thickness = (rate) => 1.25 + Math.min(6, Math.log2(1 + rate) * 0.75);

/** @param {Node} from @param {Node} to @param {number | null} rate @param {Set<string>} routes @returns {Edge} */
function edge(from, to, rate, routes) {
  return {
    from: { x: from.x + from.w, y: centre(from) }, to: { x: to.x, y: centre(to) }, rate, width: thickness(rate ?? 0), routes, dashed: false,
  };
}

/** @param {Map<string, Node>} nodes @param {string} key @param {() => Node} make */
function once(nodes, key, make) {
  const known = nodes.get(key) ?? make();
  nodes.set(key, known);
  return known;
}

/** Routes that stand in rows, those of one provider together. @param {Routing} routing */
function rows(routing) {
  const first = new Map();
  routing.routes.forEach((r, n) => { if (!first.has(r.provider)) first.set(r.provider, n); });
  return [...routing.routes].sort((a, b) => first.get(a.provider) - first.get(b.provider));
}

/** Boxes and lines while they are put together; lines are drawn once all boxes have their places. */
class Picture {
  /** @param {Routing} routing @param {Record<string, Column>} at */
  constructor(routing, at) {
    this.routing = routing;
    this.at = at;
    /** @type {Map<string, Node>} */ this.routes = new Map();
    /** @type {Map<string, Node>} */ this.providers = new Map();
    /** @type {Map<string, Node>} */ this.stages = new Map();
    /** @type {Map<string, Node>} */ this.subjects = new Map();
    /** @type {Map<string, Node>} */ this.streams = new Map();
    /** @type {Map<string, Node>} */ this.consumers = new Map();
    /** @type {Cell[]} */ this.cells = [];
    /** @type {(() => Edge)[]} */ this.lines = [];
  }

  /** @param {RoutingStream} s */
  stream(s) {
    const stream = node(this.at.stream, 'stream', s.name, { tone: s.kind === 'events' ? '' : s.kind, hash: s.kind === 'dead' ? '#/letters' : '' });
    this.streams.set(s.name, stream);
    for (const c of s.consumers ?? []) {
      const consumer = node(this.at.consumer, 'consumer', `${s.name} ${c.name}`, { title: c.name, tone: c.pending > 0 || c.redelivered > 0 ? 'late' : '', routes: stream.routes });
      this.consumers.set(consumer.key, consumer);
      this.lines.push(() => ({ ...edge(stream, consumer, null, stream.routes), dashed: c.pending > 0 }));
    }
  }

  /** A route with its provider and stages, and how high it is. @param {RoutingRoute} route @param {number} y */
  route(route, y) {
    const { at } = this;
    const own = new Set([route.name]);
    const h = Math.max(1, Math.ceil(route.stages.length / cell.columns)) * cell.h + 2 * box.pad;
    const from = node(at.route, 'route', route.name, { y: y + (h - box.h) / 2, sub: route.calls.join(', '), query: { route: [route.name] }, routes: own });
    const provider = once(this.providers, route.provider, () => node(at.provider, 'provider', route.provider, { query: { provider: [route.provider] } }));
    provider.routes.add(route.name);
    const stages = node(at.stages, 'stages', route.name, { y, h, title: '', routes: own });
    this.routes.set(route.name, from);
    this.stages.set(route.name, stages);
    route.stages.forEach((s, n) => this.cells.push({
      x: stages.x + box.pad + (n % cell.columns) * cell.w, y: y + box.pad + Math.floor(n / cell.columns) * cell.h, w: cell.w, h: cell.h,
      stage: s.name, mode: s.mode ?? '', refused: s.refused, route: route.name,
    }));
    this.lines.push(() => edge(from, provider, route.rate, own), () => edge(provider, stages, route.rate, own));
    for (const t of route.targets ?? []) this.target(stages, own, t);
    return h;
  }

  /** @param {Node} stages @param {Set<string>} own @param {RoutingTarget} t */
  target(stages, own, t) {
    const subject = once(this.subjects, t.subject, () => node(this.at.subject, 'subject', t.subject, { tone: t.by_policy ? 'policy' : '' }));
    own.forEach((r) => subject.routes.add(r));
    this.lines.push(() => edge(stages, subject, t.rate, own));
    const stream = t.stream ? this.streams.get(t.stream) : undefined;
    if (!stream) {
      subject.tone = 'lost';
      return;
    }
    own.forEach((r) => stream.routes.add(r));
    this.lines.push(() => edge(subject, stream, t.rate, own));
  }

  settle() {
    const of = (/** @type {Map<string, Node>} */ map, /** @type {Set<string>} */ names) => [...names].map((r) => centre(/** @type {Node} */ (map.get(r))));
    settle([...this.providers.values()], (n) => of(this.routes, n.routes));
    settle([...this.subjects.values()], (n) => of(this.stages, n.routes));
    settle([...this.streams.values()], (n) => [...this.subjects.values()].filter((s) => leads(this.routing, s.key, n.key)).map(centre));
    settle([...this.consumers.values()], (n) => [...this.streams.values()].filter((s) => n.key === `${s.key} ${n.title}`).map(centre));
  }
}

/**
 * The picture of what goes where.
 * @param {Routing} routing
 * @param {number} width in units of the picture
 */
export function layout(routing, width) {
  const at = columns(Math.max(width, leastWidth));
  const picture = new Picture(routing, at);
  routing.streams.forEach((s) => picture.stream(s));
  let y = space.top;
  for (const route of rows(routing)) y += picture.route(route, y) + space.row;
  picture.settle();
  const nodes = [picture.routes, picture.providers, picture.subjects, picture.streams, picture.consumers].flatMap((m) => [...m.values()]);
  const boxes = [...picture.stages.values()];
  const bottom = Math.max(space.top, ...[...nodes, ...boxes].map((n) => n.y + n.h));
  return {
    width: at.consumer.x + at.consumer.w, height: bottom + space.bottom, columns: Object.values(at), nodes, boxes, cells: picture.cells,
    edges: joined(picture.lines.map((draw) => draw())),
  };
}

/** @param {Routing} routing @param {string} subject @param {string} stream */
function leads(routing, subject, stream) {
  return routing.routes.some((r) => (r.targets ?? []).some((t) => t.subject === subject && t.stream === stream));
}

/** Lines between the same two boxes are one, whose rates add up. @param {Edge[]} edges */
function joined(edges) {
  /** @type {Map<string, Edge>} */ const by = new Map();
  for (const e of edges) {
    const key = [e.from.x, e.from.y, e.to.x, e.to.y].join(' ');
    const known = by.get(key);
    if (!known) {
      by.set(key, { ...e, routes: new Set(e.routes) });
      continue;
    }
    e.routes.forEach((r) => known.routes.add(r));
    known.rate = known.rate === null && e.rate === null ? null : (known.rate ?? 0) + (e.rate ?? 0);
    known.width = thickness(known.rate ?? 0);
  }
  return [...by.values()];
}
