import type { Line, ReadFault, Ruleset, Unmodelled } from '../../ruleset.ts';
import { type Family, type Range, wholeRange, widthOf } from '../../space/addresses.ts';
import type { Box } from '../../space/packet.ts';
import { IosFault, noGroups, Words } from '../ios-line.ts';
import { type ConfigurationLine, configurationLines } from '../ios-lines.ts';
import { AsaObjects, type Asked, LineFault } from './objects.ts';
import { boxesOf, withNumbers } from './services.ts';

/** Whether a configuration is of an ASA: its masks are masks, where IOS has wildcards. */
export const isAsa = (text: string): boolean =>
  /^(?:: Saved|(?:ASA|PIX) Version )|^access-list \S+ (?:line \d+ )?(?:extended|standard|remark|ethertype|webtype) |^access-group \S+ (?:in interface|out interface|global)|^object (?:network|service) /m.test(
    text,
  );

interface Draft {
  name: string;
  lines: Line[];
  unmodelled: Unmodelled[];
  isBroken: boolean;
}

/**
 * Reads the extended and standard lists of an ASA with their objects and groups, of both families. What holds by names, users or
 * times is told; a line that is switched off (`inactive`) decides nothing.
 */
export function readAsa(text: string): { rulesets: Ruleset[]; faults: ReadFault[] } {
  // An ASA's comments begin with a colon.
  const lines = [...configurationLines(text)].filter(({ words }) => !words[0]!.startsWith(':'));
  const objects = new AsaObjects(lines);
  const faults = [...objects.faults];
  const drafts = new Map<string, Draft>();
  for (const line of lines) {
    if (line.isIndented || line.words[0] !== 'access-list') continue;
    const name = line.words[1] ?? '';
    const draft = drafts.get(name) ?? { name, lines: [], unmodelled: [], isBroken: false };
    try {
      if (readLine(line, draft, objects)) drafts.set(name, draft);
    } catch (error) {
      if (!(error instanceof IosFault)) throw error;
      const message = error instanceof LineFault ? `line ${error.line}: ${error.message}` : error.message;
      faults.push({ line: line.line, message });
      drafts.set(name, { ...draft, isBroken: true });
    }
  }
  return {
    rulesets: [...drafts.values()].filter(({ isBroken }) => !isBroken).map(rulesetOf),
    faults: faults.toSorted((a, b) => a.line - b.line),
  };
}

const rulesetOf = ({ name, lines, unmodelled }: Draft): Ruleset => ({
  name,
  lines,
  otherwise: 'deny',
  stateful: true,
  unmodelled,
  beside: [],
});

/** False where the line is no entry of a list. */
function readLine({ words, line, text }: ConfigurationLine, draft: Draft, objects: AsaObjects): boolean {
  const [, name, ...said] = words;
  if (name === 'alert-interval' || name === 'deny-flow-max') return false;
  const rest = said[0] === 'line' ? said.slice(2) : said;
  const [kind] = rest;
  if (kind === 'remark') return true;
  if (kind === 'ethertype' || kind === 'webtype') throw new IosFault(`a list of ${kind} is not read here`);
  // The kind may be left out, and is then the extended one.
  const plain = kind === 'extended' || kind === 'standard' ? rest.slice(1) : rest;
  const [action, ...entry] = plain;
  if (action !== 'permit' && action !== 'deny')
    throw new IosFault(`expected permit or deny, found ${action ?? 'the end of the line'}`);
  const reader = new EntryReader(entry, objects);
  const { boxes, conditions, isOn } = kind === 'standard' ? reader.standard() : reader.extended();
  if (!isOn) return true;
  if (conditions.length > 0) draft.unmodelled.push({ line, what: conditions.join(', ') });
  // What holds only under a condition that is left out must not take anything away.
  if (conditions.length > 0 && action === 'deny') return true;
  for (const family of [4, 6] as const)
    if (boxes[family].length > 0) draft.lines.push({ family, action, boxes: boxes[family], line, text });
  return true;
}

interface Entry {
  boxes: Record<Family, Box[]>;
  conditions: string[];
  isOn: boolean;
}

const everything = (): Asked['addresses'] => ({ 4: [wholeRange(widthOf(4))], 6: [wholeRange(widthOf(6))] });

/** One entry behind `permit` or `deny`. */
class EntryReader {
  readonly #words: string[];
  readonly #objects: AsaObjects;
  readonly #conditions: string[] = [];

  constructor(words: readonly string[], objects: AsaObjects) {
    this.#words = withNumbers(words);
    this.#objects = objects;
  }

  #next(expected: string): string {
    const word = this.#words.shift();
    if (word === undefined) throw new IosFault(`expected ${expected}, found the end of the line`);
    return word;
  }

  standard(): Entry {
    const source = this.#addresses();
    return this.#entry(source, everything(), [{}]);
  }

  extended(): Entry {
    const services = this.#services();
    const source = this.#addresses();
    const sourcePorts = this.#ports();
    const destination = this.#addresses();
    const destinationPorts = this.#ports();
    if (services.boxes !== null) {
      if (sourcePorts !== null || destinationPorts !== null)
        throw new IosFault('ports stand beside a service that has its own');
      return this.#entry(source, destination, services.boxes);
    }
    const message = services.isIcmp ? this.#message(services.protocols[0]!) : null;
    const boxes =
      message ?? services.protocols.flatMap((protocol) => portBoxes(protocol, sourcePorts, destinationPorts));
    return this.#entry(source, destination, boxes);
  }

  /** A protocol, a group of them, or whole services. */
  #services(): { boxes: Box[] | null; protocols: string[]; isIcmp: boolean } {
    const word = this.#next('a protocol');
    if (word !== 'object' && word !== 'object-group')
      return { boxes: null, protocols: [word], isIcmp: word === 'icmp' || word === 'icmp6' };
    const name = this.#next('a name');
    if (this.#objects.kindOf(name) === 'protocol')
      return { boxes: null, protocols: this.#objects.protocols(name), isIcmp: false };
    return { boxes: this.#objects.service(name), protocols: [], isIcmp: false };
  }

  #addresses(): Asked['addresses'] {
    const word = this.#next('an address');
    if (word === 'any') return everything();
    if (word === 'any4') return { ...everything(), 6: [] };
    if (word === 'any6') return { ...everything(), 4: [] };
    if (word === 'object' || word === 'object-group') {
      const { addresses, conditions } = this.#objects.network(this.#next('a name'));
      this.#conditions.push(...conditions);
      return addresses;
    }
    if (word === 'interface') {
      this.#conditions.push(`the address of the interface ${this.#next('a name')}`);
      return everything();
    }
    const { family, range } =
      word === 'host'
        ? this.#objects.single(this.#next('an address'))
        : this.#objects.masked(word, word.includes('/') ? undefined : this.#next('a mask'));
    return { 4: [], 6: [], [family]: [range] };
  }

  /** `eq 80`, `range 1 5`, or a group of ports; null where none stand here. */
  #ports(): { words: string[] } | { group: Box[] } | null {
    const [word, second] = this.#words;
    if (['eq', 'neq', 'lt', 'gt', 'range'].includes(word ?? '')) {
      const length = word === 'range' ? 3 : 2;
      return { words: this.#words.splice(0, length) };
    }
    if (word !== 'object-group' || second === undefined || this.#objects.kindOf(second) !== 'service')
      return null;
    if (!this.#objects.isOfPorts(second)) throw new IosFault(`the group ${second} is not one of ports`);
    this.#words.splice(0, 2);
    return { group: this.#objects.service(second) };
  }

  /** The type and code of ICMP at the end, by name, number or group. */
  #message(protocol: string): Box[] {
    const [word, second] = this.#words;
    if (word === 'object-group') {
      this.#words.splice(0, 2);
      return this.#objects.service(second ?? '');
    }
    const end = this.#words.findIndex((one) => ends.includes(one));
    const message = this.#words.splice(0, end < 0 ? this.#words.length : end);
    return boxesOf([protocol, ...message]);
  }

  #entry(source: Asked['addresses'], destination: Asked['addresses'], services: readonly Box[]): Entry {
    const isOn = this.#rest();
    const boxes = (family: Family): Box[] => {
      const [from, to]: (readonly Range[])[] = [source[family], destination[family]];
      if (from!.length === 0 || to!.length === 0) return [];
      return services.map((box) => ({ ...box, source: from!, destination: to! }));
    };
    return { boxes: { 4: boxes(4), 6: boxes(6) }, conditions: this.#conditions, isOn };
  }

  /** `log …`, `time-range T` and `inactive`. */
  #rest(): boolean {
    let isOn = true;
    while (this.#words.length > 0) {
      const word = this.#next('');
      if (word === 'log') this.#log();
      else if (word === 'inactive') isOn = false;
      else if (word === 'time-range') this.#conditions.push(`time-range ${this.#next('a name')}`);
      // What `show access-list` adds.
      else if (/^\(hitcnt=\d+\)$/.test(word))
        this.#words.splice(0, (this.#words[0] ?? '').startsWith('0x') ? 1 : 0);
      else throw new IosFault(`${word} is not known here`);
    }
    return isOn;
  }

  #log(): void {
    while (this.#words.length > 0 && !['inactive', 'time-range'].includes(this.#words[0]!)) {
      const word = this.#next('');
      if (word === 'interval') this.#next('seconds');
      else if (!levels.test(word)) throw new IosFault(`${word} is not known behind log`);
    }
  }
}

const ends = ['log', 'inactive', 'time-range'];
const levels =
  /^([0-7]|alerts|critical|debugging|emergencies|errors|informational|notifications|warnings|disable|default)$/;

type Ports = { words: string[] } | { group: Box[] } | null;

/** One protocol with the ports of both sides. */
function portBoxes(protocol: string, source: Ports, destination: Ports): Box[] {
  const [base] = boxesOf([protocol]);
  const from = portsOf(protocol, source);
  const to = portsOf(protocol, destination);
  return [
    {
      ...base!,
      ...(from === null ? {} : { sourcePort: from }),
      ...(to === null ? {} : { destinationPort: to }),
    },
  ];
}

function portsOf(protocol: string, ports: Ports): Range[] | null {
  if (ports === null) return null;
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) throw new IosFault(`${protocol} has no ports`);
  if ('words' in ports) return new Words(ports.words, noGroups).portsOf(protocol === 'udp' ? 'udp' : 'tcp');
  return ports.group.flatMap((box) => box.destinationPort ?? []);
}
