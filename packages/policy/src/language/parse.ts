import { CONDITION_DEPTH, POLICY_TEXT_CHARACTERS } from '../limits.ts';
import {
  type Condition,
  type Conduit,
  type Mode,
  type Must,
  modes,
  POLICY_VERSION,
  type Policy,
  type PolicyException,
  type Selectable,
  type Service,
  type ServicePart,
  type ServiceUse,
  selectable,
  type Zone,
} from '../policy.ts';
import { protocols } from '../space/packet.ts';
import { Cursor, Fault } from './cursor.ts';
import { type Diagnostic, nearest, type Place } from './diagnostic.ts';
import { checkMeaning } from './meaning.ts';
import { tokenise } from './tokens.ts';

/** Where each declaration stands, by its kind and name. */
export type Places = Map<string, Place>;

export interface Parsed {
  /** Null where the text has errors. */
  policy: Policy | null;
  /** In the order of the text. */
  diagnostics: Diagnostic[];
  places: Places;
}

const declarations = ['zone', 'service', 'conduit', 'must', 'exception', 'undeclared'] as const;

interface Draft {
  zones: Zone[];
  services: Service[];
  conduits: Conduit[];
  musts: Must[];
  exceptions: PolicyException[];
  undeclared: Mode;
  places: Places;
}

/** Reads the text form. Every fault is told with its place; after one, reading goes on at the next declaration. */
export function parsePolicy(text: string): Parsed {
  if (text.length > POLICY_TEXT_CHARACTERS) return tooLong(text.length);
  const { tokens, diagnostics } = tokenise(text);
  const cursor = new Cursor(tokens, diagnostics);
  const draft = emptyDraft();
  const notes = cursor.takeComments();
  const name = readHeader(cursor);
  while (cursor.token.kind !== 'end') readDeclaration(cursor, draft);
  const { places, ...rest } = draft;
  const policy: Policy = { version: POLICY_VERSION, name, notes, ...rest };
  checkMeaning(policy, cursor, places);
  const broken = diagnostics.some(({ severity }) => severity === 'error');
  const ordered = diagnostics.toSorted(
    (a, b) => a.place.line - b.place.line || a.place.column - b.place.column,
  );
  return { policy: broken ? null : policy, diagnostics: ordered, places };
}

function emptyDraft(): Draft {
  return {
    zones: [],
    services: [],
    conduits: [],
    musts: [],
    exceptions: [],
    undeclared: 'observe',
    places: new Map(),
  };
}

function tooLong(length: number): Parsed {
  const message = `The text has ${length} characters; at most ${POLICY_TEXT_CHARACTERS} are read`;
  const place = { line: 1, column: 1, length: 0 };
  return {
    policy: null,
    diagnostics: [{ severity: 'error', code: 'too-long', message, place, suggestion: null }],
    places: new Map(),
  };
}

/** `policy "name" version 1` */
function readHeader(cursor: Cursor): string {
  try {
    if (!cursor.takeWord('policy'))
      cursor.fail('expected-policy', 'the first line, as policy "name" version 1', 'policy "…" version 1');
    const name = cursor.text('the name of the policy');
    if (!cursor.takeWord('version'))
      cursor.fail('expected-version', '"version"', `version ${POLICY_VERSION}`);
    const version = cursor.token;
    if (cursor.text('the version of the form') !== String(POLICY_VERSION))
      cursor.report(
        'error',
        'unknown-version',
        `This reader knows version ${POLICY_VERSION} only`,
        version.place,
        String(POLICY_VERSION),
      );
    return name;
  } catch (error) {
    skipDeclaration(cursor, error);
    return '';
  }
}

function readDeclaration(cursor: Cursor, draft: Draft): void {
  const { token } = cursor;
  try {
    if (token.kind !== 'word' || !(declarations as readonly string[]).includes(token.text))
      cursor.fail(
        'expected-declaration',
        'zone, service, conduit, must, exception or undeclared',
        nearest(token.text, declarations),
      );
    cursor.next();
    readers[token.text as (typeof declarations)[number]](cursor, draft, token.place);
  } catch (error) {
    skipDeclaration(cursor, error);
  }
}

/** Goes on at the next word that begins a declaration and a line. */
function skipDeclaration(cursor: Cursor, error: unknown): void {
  if (!(error instanceof Fault)) throw error;
  let { line } = cursor.token.place;
  cursor.next();
  while (cursor.token.kind !== 'end') {
    const { place } = cursor.token;
    if (place.line > line && place.column === 1 && cursor.isWord(...declarations)) return;
    line = place.line;
    cursor.next();
  }
}

type Reader = (cursor: Cursor, draft: Draft, place: Place) => void;

const readers: Readonly<Record<(typeof declarations)[number], Reader>> = {
  zone: readZone,
  service: readService,
  conduit: readConduit,
  must: readMust,
  exception: readException,
  undeclared: (cursor, draft) => {
    draft.undeclared = readMode(cursor);
  },
};

function nameOf(cursor: Cursor, draft: Draft, kind: string): string {
  const { place } = cursor.token;
  const name = cursor.text(`the name of the ${kind}`);
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name))
    cursor.report(
      'error',
      'bad-name',
      `A ${kind}'s name has small letters, digits and hyphens and begins with a letter, at most 63`,
      place,
      nameFrom(name),
    );
  if (draft.places.has(`${kind} ${name}`))
    cursor.report('error', 'declared-twice', `The ${kind} ${name} is declared twice`, place);
  draft.places.set(`${kind} ${name}`, place);
  return name;
}

function nameFrom(text: string): string | null {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
  return name === '' ? null : name.slice(0, 63);
}

const titleOf = (cursor: Cursor): string | null =>
  cursor.token.kind === 'string' ? cursor.next().text : null;

function readZone(cursor: Cursor, draft: Draft): void {
  const notes = cursor.takeComments();
  const name = nameOf(cursor, draft, 'zone');
  const title = titleOf(cursor);
  let members: Condition | null = null;
  const addresses: string[] = [];
  const outside: string[] = [];
  for (;;) {
    if (cursor.takeWord('members')) members = readCondition(cursor, 0);
    else if (cursor.takeWord('addresses')) addresses.push(...cursor.list(() => readAddress(cursor, draft)));
    else if (cursor.takeWord('outside')) outside.push(...cursor.list(() => readAddress(cursor, draft)));
    else break;
  }
  if (members === null && addresses.length === 0 && outside.length === 0)
    cursor.fail('empty-zone', 'what the zone holds: members, addresses or outside');
  draft.zones.push({ name, title, members, addresses, outside, notes });
}

function readAddress(cursor: Cursor, draft: Draft): string {
  const { place } = cursor.token;
  const text = cursor.text('an address, a prefix or a range');
  draft.places.set(`address ${text}`, place);
  return text;
}

/** `a or b`, which binds weaker than `a and b`. */
function readCondition(cursor: Cursor, depth: number): Condition {
  if (depth > CONDITION_DEPTH)
    cursor.fail('too-deep', `at most ${CONDITION_DEPTH} brackets within each other`);
  const any = [readAll(cursor, depth)];
  while (cursor.takeWord('or')) any.push(readAll(cursor, depth));
  return any.length === 1 ? any[0]! : { any };
}

function readAll(cursor: Cursor, depth: number): Condition {
  const all = [readOne(cursor, depth)];
  while (cursor.takeWord('and')) all.push(readOne(cursor, depth));
  return all.length === 1 ? all[0]! : { all };
}

function readOne(cursor: Cursor, depth: number): Condition {
  if (cursor.takeWord('not')) {
    if (depth > CONDITION_DEPTH) cursor.fail('too-deep', `at most ${CONDITION_DEPTH} nots within each other`);
    return { not: readOne(cursor, depth + 1) };
  }
  if (cursor.takeMark('(')) {
    const inner = readCondition(cursor, depth + 1);
    if (!cursor.takeMark(')')) cursor.fail('expected-bracket', '")"', ')');
    return inner;
  }
  return readComparison(cursor);
}

/** `class is ventilator`, `location in ("ICU 1", "ICU 2")`, `model contains "Alaris"`. */
function readComparison(cursor: Cursor): Condition {
  const { token } = cursor;
  if (token.kind !== 'word' || !(selectable as readonly string[]).includes(token.text))
    cursor.fail(
      'unknown-attribute',
      `an attribute (${selectable.join(', ')})`,
      nearest(token.text, selectable),
    );
  const attribute = cursor.next().text as Selectable;
  if (cursor.takeWord('is')) return { attribute, in: [cursor.text('a value')] };
  if (cursor.takeWord('contains')) return { attribute, contains: cursor.text('a text') };
  if (!cursor.takeWord('in')) cursor.fail('expected-comparison', '"is", "in" or "contains"', 'is');
  if (!cursor.takeMark('(')) cursor.fail('expected-bracket', '"("', '(');
  const values = cursor.list(() => cursor.text('a value'));
  if (!cursor.takeMark(')')) cursor.fail('expected-bracket', '")"', ')');
  return { attribute, in: values };
}

function readService(cursor: Cursor, draft: Draft): void {
  const notes = cursor.takeComments();
  const name = nameOf(cursor, draft, 'service');
  if (!cursor.takeMark('=')) cursor.fail('expected-equals', '"="', '=');
  const parts = cursor.list(() => readPart(cursor));
  draft.services.push({ name, parts, notes });
}

const isProtocol = (text: string) => text === 'any' || text === 'protocol' || Object.hasOwn(protocols, text);

/** `tcp 104`, `tcp 104 5000-5010`, `icmp 8`, `protocol 47`, `udp`, `any`. */
function readPart(cursor: Cursor): ServicePart {
  const { token } = cursor;
  if (token.kind !== 'word' || !isProtocol(token.text))
    cursor.fail(
      'unknown-protocol',
      `a protocol (any, ${Object.keys(protocols).join(', ')}, protocol N)`,
      nearest(token.text, Object.keys(protocols)),
    );
  const protocol = cursor.next().text;
  if (protocol === 'any') return { protocol, ports: [] };
  if (protocol === 'protocol') return readNumbered(cursor);
  const ports: string[] = [];
  while (cursor.token.kind === 'word' && /^\d/.test(cursor.token.text))
    ports.push(readPorts(cursor, protocol));
  return { protocol, ports };
}

function readNumbered(cursor: Cursor): ServicePart {
  const { token } = cursor;
  if (token.kind !== 'word' || !/^\d{1,3}$/.test(token.text) || Number(token.text) > 255)
    cursor.fail('bad-protocol', 'the number of a protocol, 0 to 255');
  cursor.next();
  const known = Object.entries(protocols).find(([, number]) => number === BigInt(token.text));
  return { protocol: known?.[0] ?? `protocol ${Number(token.text)}`, ports: [] };
}

function readPorts(cursor: Cursor, protocol: string): string {
  const { text, place } = cursor.token;
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  const most = protocol.startsWith('icmp') ? 255 : 65_535;
  if (match === null || first > last || last > most)
    cursor.fail('bad-port', `a number from 0 to ${most} or a range of two`);
  if (!['tcp', 'udp', 'sctp', 'icmp', 'icmpv6'].includes(protocol))
    cursor.report('error', 'no-ports', `${protocol} has no ports`, place);
  cursor.next();
  return first === last ? String(first) : `${first}-${last}`;
}

/** A service's name, or a protocol with its ports. */
function readUse(cursor: Cursor, draft: Draft): ServiceUse {
  const { token } = cursor;
  if (token.kind === 'word' && isProtocol(token.text)) return readPart(cursor);
  const service = cursor.text('a service or a protocol with ports');
  draft.places.set(`use of service ${service}`, token.place);
  return { service };
}

interface FlowDraft {
  from: string[];
  to: string[];
  services: ServiceUse[];
  mode: Mode | null;
  because: string | null;
  approvedBy: string | null;
}

/** The clauses of a conduit, a must or an exception, in any order. */
function readFlow(cursor: Cursor, draft: Draft, serviceWord: string, others: readonly string[]): FlowDraft {
  const flow: FlowDraft = { from: [], to: [], services: [], mode: null, because: null, approvedBy: null };
  const zone = () => readZoneUse(cursor, draft);
  for (;;) {
    if (cursor.takeWord('from')) flow.from.push(...cursor.list(zone));
    else if (cursor.takeWord('to')) flow.to.push(...cursor.list(zone));
    else if (cursor.takeWord(serviceWord)) flow.services.push(...cursor.list(() => readUse(cursor, draft)));
    else if (cursor.takeWord('because')) flow.because = cursor.string('the reason, in quotes');
    else if (others.includes('mode') && cursor.takeWord('mode')) flow.mode = readMode(cursor);
    else if (others.includes('approved') && cursor.takeWord('approved')) {
      if (!cursor.takeWord('by')) cursor.fail('expected-by', '"by"', 'by');
      flow.approvedBy = cursor.string('who approved it, in quotes');
    } else break;
  }
  if (flow.from.length === 0) cursor.fail('no-from', '"from" with the zones that begin it', 'from');
  if (flow.to.length === 0) cursor.fail('no-to', '"to" with the zones that answer', 'to');
  if (flow.services.length === 0)
    cursor.fail('no-service', `"${serviceWord}" with the services`, serviceWord);
  return flow;
}

function readZoneUse(cursor: Cursor, draft: Draft): string {
  const { place } = cursor.token;
  const name = cursor.text('the name of a zone');
  const key = `use of zone ${name}`;
  if (!draft.places.has(key)) draft.places.set(key, place);
  return name;
}

function readMode(cursor: Cursor): Mode {
  const { token } = cursor;
  if (token.kind !== 'word' || !(modes as readonly string[]).includes(token.text))
    cursor.fail('unknown-mode', 'observe, alert or enforce', nearest(token.text, modes));
  return cursor.next().text as Mode;
}

function readConduit(cursor: Cursor, draft: Draft): void {
  const notes = cursor.takeComments();
  const name = nameOf(cursor, draft, 'conduit');
  const title = titleOf(cursor);
  const { from, to, services, mode, because } = readFlow(cursor, draft, 'allow', ['mode']);
  draft.conduits.push({ name, title, from, to, services, mode: mode ?? 'observe', because, notes });
}

/** `must allow "title"` and `must deny "title"`. */
function readMust(cursor: Cursor, draft: Draft, place: Place): void {
  const notes = cursor.takeComments();
  const verdict = cursor.isWord('allow') ? 'allow' : cursor.isWord('deny') ? 'deny' : null;
  if (verdict === null) cursor.fail('expected-verdict', '"allow" or "deny"', 'allow');
  cursor.next();
  const title = cursor.string('what must be, in quotes');
  const { from, to, services, because } = readFlow(cursor, draft, 'service', []);
  draft.places.set(`must ${title}`, place);
  draft.musts.push({ title, verdict, from, to, services, because, notes });
}

/** `exception "title" until 2026-12-31T18:00:00Z` */
function readException(cursor: Cursor, draft: Draft, place: Place): void {
  const notes = cursor.takeComments();
  const title = cursor.string('what the exception is for, in quotes');
  if (!cursor.takeWord('until'))
    cursor.fail('expected-until', '"until" with the time at which it ends', 'until');
  const time = cursor.token;
  const until = cursor.text('a time, as 2026-12-31T18:00:00Z');
  if (
    !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(until) ||
    Number.isNaN(Date.parse(until))
  )
    cursor.report('error', 'bad-time', `${until} is no time with its zone (RFC 3339)`, time.place);
  const { from, to, services, because, approvedBy } = readFlow(cursor, draft, 'allow', ['approved']);
  draft.places.set(`exception ${title}`, place);
  draft.exceptions.push({ title, until, from, to, services, because, approvedBy, notes });
}
