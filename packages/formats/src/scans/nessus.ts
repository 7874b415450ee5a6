import { SCAN_CPES } from '../limits.ts';
import type { LogBook } from '../sensor-logs/book.ts';
import { ScannedHost, type ScannedPort } from './scanned-host.ts';
import { type Attributes, ipOf, macOf, portOf, secondsOf, serviceOf, wordOf } from './words.ts';
import type { ElementHandler } from './xml-stream.ts';

const SCANNER = 'Nessus';
/** Names of checks that found a way in; information only (severity 0) is none. */
const LET_IN: readonly (readonly [RegExp, 'default' | 'empty' | 'anonymous'])[] = [
  [/\banonymous\b.*\b(enabled|allowed|login|access)\b/i, 'anonymous'],
  [/\b(blank|empty)\b.*\bpassword\b/i, 'empty'],
  [/\bdefault\b.*\b(credentials?|passwords?|accounts?|community)\b/i, 'default'],
];
const UNIX_ACCOUNTS = 'Default Unix Accounts';
/** Checks that list drives which were plugged in, by number: reading them from the machine needs a login. */
const MEDIA_PLUGINS: ReadonlySet<string> = new Set(['24274', '35730']);

interface Item {
  at: (ScannedPort & { line: number }) | null;
  cpes: string[];
}

/** Reads the elements of a report in Nessus's own format, version 2 (`.nessus`). */
export class NessusReader implements ElementHandler {
  readonly format = 'Nessus report';
  readonly #book: LogBook;
  readonly #skipped: (line: number, why: string) => void;
  #host: ScannedHost | null = null;
  #item: Item | null = null;
  /** The name of the host's property that is open. */
  #tag: string | null = null;

  constructor(book: LogBook, skipped: (line: number, why: string) => void) {
    this.#book = book;
    this.#skipped = skipped;
  }

  open(name: string, attributes: Attributes, line: number): void {
    if (name === 'ReportHost') this.#openHost(attributes, line);
    else if (this.#host === null) return;
    else if (name === 'tag') this.#tag = attributes.name ?? null;
    else if (name === 'ReportItem') this.#openItem(this.#host, attributes, line);
  }

  close(name: string, text: string): void {
    if (this.#host === null) return;
    if (name === 'tag') this.#property(this.#host, text);
    else if (name === 'cpe' && this.#item !== null) this.#item.cpes.push(...text.split(/\s+/, SCAN_CPES));
    else if (name === 'ReportItem') this.#closeItem(this.#host);
    else if (name === 'ReportHost') this.#closeHost();
  }

  /** Its name is an address, or what the scan's target list called it. */
  #openHost({ name }: Attributes, line: number): void {
    this.#host = new ScannedHost(SCANNER, line);
    this.#host.ip = ipOf(name);
    this.#host.isUp = true;
  }

  #property(host: ScannedHost, text: string): void {
    const name = this.#tag;
    this.#tag = null;
    if (name === 'host-ip') host.ip = ipOf(text) ?? host.ip;
    else if (name === 'mac-address') host.mac = soleMac(text);
    else if (name === 'host-fqdn' || name === 'host-rdns' || name === 'netbios-name') addName(host, text);
    else if (name === 'operating-system') host.os = systemOf(text);
    else if (name === 'HOST_END_TIMESTAMP') host.time = secondsOf(text) ?? host.time;
    else if (name === 'HOST_START_TIMESTAMP') host.time ??= secondsOf(text);
    else if (name === 'HOST_END' || name === 'HOST_START') host.time ??= dateOf(text);
    else if (name !== null && /^cpe(-\d+)?$/.test(name)) host.software(text);
  }

  #openItem(host: ScannedHost, attributes: Attributes, line: number): void {
    const { protocol, port, svc_name, severity, pluginName = '', pluginFamily, pluginID = '' } = attributes;
    const place = portOf(protocol, port);
    const at = place === null ? null : { ...place, line };
    this.#item = { at, cpes: [] };
    // A question mark: it goes by the number of the port.
    const basis = svc_name?.endsWith('?') === true ? 'port' : 'answer';
    if (at !== null) host.service(at, { ...serviceOf(svc_name?.replace(/\?$/, '')), basis });
    const check = wordOf(`${pluginID} ${pluginName}`) ?? 'unnamed check';
    const way = severity === '0' ? null : wayIn(pluginName, pluginFamily);
    if (way !== null) host.credential(at, check, way, line);
    if (MEDIA_PLUGINS.has(pluginID)) host.media(check, line);
  }

  #closeItem(host: ScannedHost): void {
    const item = this.#item;
    this.#item = null;
    for (const cpe of item?.cpes ?? []) host.software(cpe);
  }

  #closeHost(): void {
    const host = this.#host;
    this.#host = null;
    this.#item = null;
    if (host !== null && !host.writeTo(this.#book))
      this.#skipped(host.line, 'ReportHost: expected an address and the time of the scan');
  }
}

function wayIn(name: string, family: string | undefined) {
  if (family === UNIX_ACCOUNTS) return 'default';
  return LET_IN.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Several cards are told one a line; which of them has the address is not said. */
function soleMac(text: string): string | null {
  const [first, ...others] = text.split(/\s+/).filter(Boolean);
  return others.length === 0 ? macOf(first) : null;
}

function addName(host: ScannedHost, text: string): void {
  const name = wordOf(text);
  if (name !== undefined && ipOf(name) === null) host.hostnames.add(name);
}

/** Several guesses stand one a line: none of them is sure. */
function systemOf(text: string): ScannedHost['os'] {
  const [first, ...others] = text.split('\n').map((line) => wordOf(line));
  return first === undefined ? null : { name: first, accuracy: others.length === 0 ? null : 50 };
}

/** As `Wed Mar  3 10:00:00 2021`, without a zone: taken for UTC. */
function dateOf(text: string): number | null {
  const time = /^\w{3} \w{3} +\d{1,2} \d\d:\d\d:\d\d \d{4}$/.test(text)
    ? Date.parse(`${text} UTC`)
    : Number.NaN;
  return Number.isNaN(time) || time < 0 ? null : time * 1000;
}
