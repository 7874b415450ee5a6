import { type Permit, permitsOf } from '../permits.ts';
import type { Resolved } from '../resolve.ts';
import { type Family, formatAddress, prefixesOf, type Range, widthOf } from '../space/addresses.ts';
import { protocolName } from '../space/packet.ts';
import { type Compiled, comment } from './compiled.ts';
import { elementsOf, rangeText, type ServiceElement, valuesOf } from './service-parts.ts';

/** Objects and rules together; a small firewall of the maker takes 2,500 of each, a middling one five times that. */
const PAN_ENTRIES = 10_000;

/** One statement of a configuration: where it stands, and its value or values. */
interface Statement {
  path: readonly string[];
  value: string | readonly string[];
}

/** `set` lines, as an administrator pastes them. */
export function compilePaloAlto(resolved: Resolved, budget = PAN_ENTRIES): Compiled {
  return compile(resolved, budget, 'palo-alto', 'wardline.set', setText);
}

/** The same as XML, as the management API loads it. */
export function compilePaloAltoXml(resolved: Resolved, budget = PAN_ENTRIES): Compiled {
  return compile(resolved, budget, 'palo-alto-xml', 'wardline.xml', xmlText);
}

function compile(
  resolved: Resolved,
  budget: number,
  target: string,
  name: string,
  text: (resolved: Resolved, statements: readonly Statement[]) => string,
): Compiled {
  const writer = new PanWriter();
  const permits = permitsOf(resolved);
  const frame = { target, budget, limits };
  // Objects are shared; rules are not, so that more permits than entries never fit.
  if (permits.length > budget) return { ...frame, files: [], entries: permits.length };
  for (const permit of permits) writer.permit(permit);
  writer.end();
  const { entries, cannot } = writer;
  if (cannot.length > 0 || entries > budget) return { ...frame, files: [], entries, cannot };
  return { ...frame, files: [{ name, text: text(resolved, writer.statements) }], entries };
}

const limits = [
  'Rules stand for all zones of the firewall, and the last one denies what they leave, also within a zone.',
  'Protocols other than TCP and UDP are applications of our own that go by protocol number or ICMP type.',
  'The firewall’s session table decides what a reply is; address translation stands elsewhere.',
];

class PanWriter {
  readonly statements: Statement[] = [];
  readonly cannot: string[] = [];
  entries = 0;
  readonly #made = new Map<string, string>();
  readonly #rules: Statement[] = [];
  #ruleCount = 0;

  permit({ family, origins, sources, destinations, services }: Permit): void {
    const elements = services.map(elementsOf);
    const where = {
      source: this.#addresses(family, sources),
      destination: this.#addresses(family, destinations),
    };
    if (elements.includes('any')) {
      this.#rule(origins, where, ['any'], ['any']);
      return;
    }
    const parts = elements.flatMap((part) => (part === 'any' ? [] : part));
    const ported = parts.filter(({ protocol }) => portNames.has(protocol)).map((part) => this.#service(part));
    const others = parts
      .filter(({ protocol }) => !portNames.has(protocol))
      .flatMap((part) => this.#applications(part, family, origins));
    if (ported.length > 0) this.#rule(origins, where, ['any'], unique(ported));
    if (others.length > 0) this.#rule(origins, where, unique(others), ['application-default']);
  }

  /** Within a zone the firewall permits by default: the end is written out. */
  end(): void {
    const any = ['any'];
    this.#rule(['nothing else is declared'], { source: any, destination: any }, any, any, 'deny');
    this.statements.push(...this.#rules);
  }

  #rule(
    origins: readonly string[],
    where: { source: readonly string[]; destination: readonly string[] },
    application: readonly string[],
    service: readonly string[],
    action = 'allow',
  ): void {
    this.#ruleCount += 1;
    this.entries += 1;
    const path = ['rulebase', 'security', 'rules', `wl-${String(this.#ruleCount).padStart(4, '0')}`];
    const say = (key: string, value: string | readonly string[]) =>
      this.#rules.push({ path: [...path, key], value });
    say('description', comment(origins.join(', '), 1000));
    say('from', ['any']);
    say('to', ['any']);
    say('source', where.source);
    say('destination', where.destination);
    say('application', application);
    say('service', service);
    say('action', action);
  }

  /** Says an object once; the same content has the same name. */
  #once(key: string, name: string, statements: (name: string) => readonly Statement[]): string {
    const before = this.#made.get(key);
    if (before !== undefined) return before;
    this.#made.set(key, name);
    this.entries += 1;
    this.statements.push(...statements(name));
    return name;
  }

  #addresses(family: Family, ranges: readonly Range[]): string[] {
    const members = ranges.map((range) => this.#address(family, range));
    if (members.length < 2) return members;
    const name = `wl-group-${this.#made.size + 1}`;
    return [
      this.#once(`group ${members.join(' ')}`, name, (own) => [
        { path: ['address-group', own, 'static'], value: members },
      ]),
    ];
  }

  #address(family: Family, range: Range): string {
    const [prefix, ...more] = prefixesOf(range, widthOf(family));
    const first = formatAddress(family, range.first);
    const isPrefix = more.length === 0;
    const text = isPrefix ? `${first}/${prefix!.length}` : `${first}-${formatAddress(family, range.last)}`;
    const plain = `wl-${text.replaceAll(':', '.').replace('/', '_')}`;
    const name = plain.length <= 63 ? plain : `wl-range-${this.#made.size + 1}`;
    return this.#once(`address ${family} ${text}`, name, (own) => [
      { path: ['address', own, isPrefix ? 'ip-netmask' : 'ip-range'], value: text },
    ]);
  }

  #service({ protocol, source, destination }: ServiceElement): string {
    const word = portNames.get(protocol)!;
    const ports = portsText(destination);
    const from = source === null ? null : portsText(source);
    const key = `service ${word} ${ports} ${from}`;
    const plain = `wl-${word}-${ports.replaceAll(',', '_')}`;
    const name = from === null && plain.length <= 63 ? plain : `wl-${word}-${this.#made.size + 1}`;
    return this.#once(key, name, (own) => [
      { path: ['service', own, 'protocol', word, 'port'], value: ports },
      ...(from === null ? [] : [{ path: ['service', own, 'protocol', word, 'source-port'], value: from }]),
    ]);
  }

  #applications(
    { protocol, source, destination }: ServiceElement,
    family: Family,
    origins: readonly string[],
  ): string[] {
    const own = family === 4 ? 1n : 58n;
    if (source === null && destination === null)
      return [this.#application(`protocol-${protocol}`, [['ident-by-ip-protocol', `${protocol}`]])];
    if (protocol !== own) {
      this.cannot.push(`${origins.join(', ')}: ports or types of ${protocolName(protocol)} in IPv${family}`);
      return [];
    }
    const ident = family === 4 ? 'ident-by-icmp-type' : 'ident-by-icmp6-type';
    const codes = destination === null ? [null] : valuesOf(destination);
    return valuesOf(source ?? [{ first: 0n, last: 255n }]).flatMap((type) =>
      codes.map((code) =>
        this.#application(`icmp${family}-${type}${code === null ? '' : `-${code}`}`, [
          [ident, 'type', `${type}`],
          ...(code === null ? [] : [[ident, 'code', `${code}`]]),
        ]),
      ),
    );
  }

  #application(stem: string, idents: readonly (readonly string[])[]): string {
    return this.#once(`application ${stem}`, `wl-${stem}`, (name) => {
      const path = ['application', name];
      const kind = {
        category: 'networking',
        subcategory: 'ip-protocol',
        technology: 'network-protocol',
        risk: '1',
      };
      return [
        ...Object.entries(kind).map(([key, value]) => ({ path: [...path, key], value })),
        ...idents.map((words) => ({
          path: [...path, 'default', ...words.slice(0, -1)],
          value: words.at(-1)!,
        })),
      ];
    });
  }
}

const portNames: ReadonlyMap<bigint, string> = new Map([
  [6n, 'tcp'],
  [17n, 'udp'],
]);

const portsText = (ranges: readonly Range[] | null): string =>
  (ranges ?? [{ first: 0n, last: 65_535n }]).map(rangeText).join(',');

const unique = (names: readonly string[]): string[] => [...new Set(names)];

function setText({ name }: Resolved, statements: readonly Statement[]): string {
  const lines = statements.map(({ path, value }) => {
    const words =
      typeof value === 'string' ? quoted(value) : value.length === 1 ? value[0] : `[ ${value.join(' ')} ]`;
    return `set ${path.join(' ')} ${words}`;
  });
  return `# ${comment(name, 100)}: made by wardline policy compile. Do not edit; the policy is the source.\n${lines.join('\n')}\n`;
}

const quoted = (value: string): string => (/^[\w.,:/-]+$/.test(value) ? value : `"${value}"`);

/** Nodes of the XML form: a name with children, or text. */
interface XmlNode {
  children: Map<string, XmlNode>;
  entry: boolean;
  value: string | readonly string[] | null;
}

const node = (entry: boolean): XmlNode => ({ children: new Map(), entry, value: null });

/** Containers whose children are entries with a name. */
const containers = new Set(['address', 'address-group', 'service', 'application', 'rules']);

function xmlText({ name }: Resolved, statements: readonly Statement[]): string {
  const root = node(false);
  for (const { path, value } of statements) {
    let at = root;
    for (const [index, word] of path.entries()) {
      const isEntry = index > 0 && containers.has(path[index - 1]!) && !(index > 1 && path[0] !== 'rulebase');
      const next = at.children.get(word) ?? node(isEntry);
      at.children.set(word, next);
      at = next;
    }
    at.value = value;
  }
  const body = xmlLines(root, 8).join('\n');
  return [
    `<!-- ${comment(name, 100).replaceAll('--', '- -')}: made by wardline policy compile. Do not edit; the policy is the source. -->`,
    '<config>\n  <devices>\n    <entry name="localhost.localdomain">\n      <vsys><entry name="vsys1">',
    body,
    '      </entry></vsys>\n    </entry>\n  </devices>\n</config>\n',
  ].join('\n');
}

function xmlLines({ children }: XmlNode, indent: number): string[] {
  const pad = ' '.repeat(indent);
  return [...children].flatMap(([name, child]) => {
    const [open, close] = child.entry ? [`entry name="${escaped(name)}"`, 'entry'] : [name, name];
    if (typeof child.value === 'string') return [`${pad}<${open}>${escaped(child.value)}</${close}>`];
    if (child.value !== null) {
      const members = child.value.map((value) => `<member>${escaped(value)}</member>`).join('');
      return [`${pad}<${open}>${members}</${close}>`];
    }
    return [`${pad}<${open}>`, ...xmlLines(child, indent + 2), `${pad}</${close}>`];
  });
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
