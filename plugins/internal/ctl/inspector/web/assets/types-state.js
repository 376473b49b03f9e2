// Types of what the server says of routing, health, dead letters and acts, for the checker;
// nothing of it runs.

/**
 * @typedef {{name: string, mode?: string, refused: number}} Stage
 * @typedef {{subject: string, stream?: string, by_policy?: boolean, rate: number}} Target
 * @typedef {{name: string, method: string, calls: string[], provider: string, stages: Stage[], targets?: Target[], notes?: string[], rate: number}} Route
 * @typedef {{name: string, filters?: string[], pending: number, waiting: number, redelivered: number, active?: string}} Consumer
 * @typedef {{name: string, kind: 'events' | 'kept' | 'dead' | 'other', subjects: string[], messages: number, bytes: number, rate: number, consumers?: Consumer[]}} Stream
 * @typedef {{routes: Route[], streams: Stream[], notes?: string[], minutes: number}} Routing
 *
 * @typedef {{area: string, name: string, state: 'good' | 'warn' | 'bad' | 'unknown', text: string, do?: string, since?: string, metric?: string}} Check
 * @typedef {{checks: Check[], at: string}} Health
 *
 * @typedef {{sequence: number, at: string, cause: string, consumer: string, stream: string, message: number, subject?: string, deliveries: number, reason?: string}} Letter
 * @typedef {{stream: string, letters: Letter[], more?: boolean, absent?: string}} DeadLetters
 *
 * @typedef {{act: string, key?: string, n?: number, event?: number, sequence?: number, route?: string, sample?: string, mutation?: string, body?: string,
 *   id?: string, resign?: boolean, approve?: boolean, subject?: string}} Order
 * @typedef {{name: string, value: string, masked?: boolean, signed?: boolean}} Header
 * @typedef {{text: string, kind: string, size: number, cut?: boolean, masked?: string[]}} Body
 * @typedef {{from: string, method: string, url: string, client?: string, headers: Header[], body: Body}} Request
 * @typedef {{key: string, title: string, steps: string[] | null, warn?: string[], request?: Request, undo: string, command?: string, denied?: string}} Plan
 * @typedef {{ok: boolean, title: string, lines?: string[], status?: number, body?: string, undo?: string, until?: string, request_id?: string}} Done
 * @typedef {{route: string, provider: string, events?: string[], signs: boolean, why?: string}} Sender
 */

export {};
