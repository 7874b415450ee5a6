import type {
  Condition,
  Conduit,
  Must,
  Policy,
  PolicyException,
  ServicePart,
  ServiceUse,
  Zone,
} from '../policy.ts';

/** Writes the text form: what is read from it again is the same policy. */
export function printPolicy(policy: Policy): string {
  const { name, version, undeclared, zones, services, conduits, musts, exceptions, notes } = policy;
  const parts = [
    [...comments(notes), `policy ${quote(name)} version ${version}`, `undeclared ${undeclared}`],
    ...zones.map(printZone),
    services.flatMap(({ name: service, parts: uses, notes: own }) => [
      ...comments(own),
      `service ${service} = ${uses.map(printPart).join(', ')}`,
    ]),
    ...conduits.map(printConduit),
    ...musts.map(printMust),
    ...exceptions.map(printException),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const comments = (notes: readonly string[]): string[] =>
  notes.map((note) => (note === '' ? '#' : `# ${note}`));

/** Line ends cannot stand in a text of one line. */
const quote = (text: string): string =>
  `"${text.replaceAll(/[\\"]/g, (mark) => `\\${mark}`).replaceAll(/[\r\n]+/g, ' ')}"`;

const bare = (value: string): string =>
  /^[A-Za-z0-9_.:/-]+$/.test(value) && !reserved.has(value) ? value : quote(value);
const reserved = new Set(['and', 'or', 'not', 'members', 'addresses', 'outside']);

function printZone({ name, title, members, addresses, outside, notes }: Zone): string[] {
  return [
    ...comments(notes),
    `zone ${name}${titled(title)}`,
    ...(members === null ? [] : [`  members ${printCondition(members, 'or')}`]),
    ...(addresses.length === 0 ? [] : [`  addresses ${addresses.join(', ')}`]),
    ...(outside.length === 0 ? [] : [`  outside ${outside.join(', ')}`]),
  ];
}

const titled = (title: string | null): string => (title === null ? '' : ` ${quote(title)}`);

/** `within`: what it stands in, which says where brackets are needed. */
function printCondition(condition: Condition, within: 'or' | 'and' | 'not'): string {
  if ('any' in condition) {
    const text = condition.any.map((part) => printCondition(part, 'and')).join(' or ');
    return within === 'or' ? text : `(${text})`;
  }
  if ('all' in condition) {
    const text = condition.all.map((part) => printCondition(part, 'not')).join(' and ');
    return within === 'not' ? `(${text})` : text;
  }
  if ('not' in condition) return `not ${printCondition(condition.not, 'not')}`;
  if ('contains' in condition) return `${condition.attribute} contains ${bare(condition.contains)}`;
  if (condition.in.length === 1) return `${condition.attribute} is ${bare(condition.in[0]!)}`;
  return `${condition.attribute} in (${condition.in.map(bare).join(', ')})`;
}

export function printPart({ protocol, ports }: ServicePart): string {
  return [protocol, ...ports].join(' ');
}

/** A service as the text form says it. */
export const printUse = (use: ServiceUse): string => ('service' in use ? use.service : printPart(use));

function flowLines(
  flow: { from: readonly string[]; to: readonly string[]; services: readonly ServiceUse[] },
  word: string,
) {
  return [
    `  from ${flow.from.join(', ')}`,
    `  to ${flow.to.join(', ')}`,
    `  ${word} ${flow.services.map(printUse).join(', ')}`,
  ];
}

const reasonLines = (because: string | null): string[] =>
  because === null ? [] : [`  because ${quote(because)}`];

function printConduit(conduit: Conduit): string[] {
  const { name, title, mode, because, notes } = conduit;
  return [
    ...comments(notes),
    `conduit ${name}${titled(title)}`,
    ...flowLines(conduit, 'allow'),
    `  mode ${mode}`,
    ...reasonLines(because),
  ];
}

function printMust(must: Must): string[] {
  const { title, verdict, because, notes } = must;
  return [
    ...comments(notes),
    `must ${verdict} ${quote(title)}`,
    ...flowLines(must, 'service'),
    ...reasonLines(because),
  ];
}

function printException(exception: PolicyException): string[] {
  const { title, until, approvedBy, because, notes } = exception;
  return [
    ...comments(notes),
    `exception ${quote(title)} until ${until}`,
    ...flowLines(exception, 'allow'),
    ...(approvedBy === null ? [] : [`  approved by ${quote(approvedBy)}`]),
    ...reasonLines(because),
  ];
}
