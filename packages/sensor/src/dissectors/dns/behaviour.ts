import type { Reporter, Side } from '../../dissector.ts';
import { nameText } from './facts.ts';
import { CARRYING_BYTES, LONG_BYTES } from './limits.ts';
import type { DnsMessage, Question } from './message.ts';

const NAME_ERROR = 3;
const REVERSE_ZONE = 'arpa';
/** Types whose answers hold bytes of anybody's choice; tunnels prefer them. 65399 is what iodine calls PRIVATE. */
const carrying: ReadonlyMap<number, string> = new Map([
  [5, 'CNAME'],
  [10, 'NULL'],
  [15, 'MX'],
  [16, 'TXT'],
  [25, 'KEY'],
  [65_399, 'PRIVATE'],
]);
const plain: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [28, 'AAAA'],
  [33, 'SRV'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
]);

/** States questions that carry more than a name, and that a name was not found. Ordinary questions say nothing. */
export function stateQuestions(message: DnsMessage, from: Side, report: Reporter): void {
  const [question] = message.questions;
  if (question === undefined) return;
  const { response, flags } = message.header;
  if (!response) stateQuery(question, from, report);
  else if ((flags & 15) === NAME_ERROR && question.name.at(-1)?.toLowerCase() !== REVERSE_ZONE)
    report.sight(
      'dns.failure',
      from === 'server' ? 'client' : 'server',
      { code: 'NXDOMAIN' },
      failed(question, from),
    );
}

function failed({ name }: Question, from: Side): { peer: Side; marks: string[] } {
  return { peer: from, marks: [name.join('.').toLowerCase()] };
}

function stateQuery({ name, type }: Question, from: Side, report: Reporter): void {
  const below = name.slice(0, -zoneLabels(name));
  const bytes = below.reduce((sum, label) => sum + label.length, 0);
  const carries = carrying.get(type);
  if (bytes < (carries === undefined ? LONG_BYTES : CARRYING_BYTES) || isService(name)) return;
  const zone = nameText(name.slice(-zoneLabels(name)))?.toLowerCase();
  if (zone === undefined || zone.endsWith(REVERSE_ZONE)) return;
  const facts = { zone, type: carries ?? plain.get(type) ?? `TYPE${type}` };
  report.sight('dns.query', from, facts, { marks: [below.join('.')] });
}

/** Labels of what somebody registers: two, or three below a country's "co", "com", "ac" and their like. */
function zoneLabels(name: readonly string[]): number {
  const [second = '', first = ''] = name.slice(-2);
  return first.length === 2 && second.length <= 3 ? 3 : 2;
}

/** Services, keys of mail and proofs of ownership stand below names with an underscore (RFC 8552). */
function isService(name: readonly string[]): boolean {
  return name.some((label) => label.startsWith('_'));
}
