import { SCAN_CPES } from '../limits.ts';
import type { LogBook } from '../sensor-logs/book.ts';
import { ScannedHost, type ScannedPort } from './scanned-host.ts';
import { type Attributes, ipOf, macOf, portOf, secondsOf, serviceOf, wordOf } from './words.ts';
import type { ElementHandler } from './xml-stream.ts';

/** Scripts that report when they were let in; what they print stays behind. */
const LET_IN: Readonly<Record<string, readonly [way: 'default' | 'empty' | 'anonymous', shows: RegExp]>> = {
  'http-default-accounts': ['default', /\S/],
  'ftp-anon': ['anonymous', /allowed/i],
  'mysql-empty-password': ['empty', /empty password/i],
  'ms-sql-empty-password': ['empty', /success/i],
  'snmp-brute': ['default', /valid credentials/i],
};

interface OpenPort extends ScannedPort {
  line: number;
  isOpen: boolean;
  service: Attributes;
  cpes: string[];
}

/** Reads the elements of `nmap -oX` (nmap.dtd). */
export class NmapReader implements ElementHandler {
  readonly format = 'Nmap XML';
  readonly #book: LogBook;
  readonly #skipped: (line: number, why: string) => void;
  #started: string | undefined;
  #scanner = 'Nmap';
  #host: ScannedHost | null = null;
  #port: OpenPort | null = null;
  #inSystem = false;

  constructor(book: LogBook, skipped: (line: number, why: string) => void) {
    this.#book = book;
    this.#skipped = skipped;
  }

  open(name: string, attributes: Attributes, line: number): void {
    if (name === 'nmaprun') this.#begin(attributes);
    else if (name === 'host') this.#openHost(attributes, line);
    else if (this.#host !== null) this.#inHost(this.#host, name, attributes, line);
  }

  close(name: string, text: string): void {
    if (name === 'cpe' && this.#port !== null && !this.#inSystem) this.#port.cpes.push(text);
    else if (name === 'port') this.#closePort();
    else if (name === 'os') this.#inSystem = false;
    else if (name === 'host') this.#closeHost();
  }

  #begin({ start, version }: Attributes): void {
    this.#started = start;
    this.#scanner = wordOf(`Nmap ${version ?? ''}`)?.slice(0, 40) ?? 'Nmap';
  }

  #openHost({ starttime, endtime }: Attributes, line: number): void {
    this.#host = new ScannedHost(this.#scanner, line);
    this.#host.time = secondsOf(endtime) ?? secondsOf(starttime) ?? secondsOf(this.#started);
  }

  #inHost(host: ScannedHost, name: string, attributes: Attributes, line: number): void {
    switch (name) {
      case 'status':
        // `user-set`: it was told to take the host for up.
        host.isUp = attributes.state === 'up' && attributes.reason !== 'user-set';
        break;
      case 'address':
        if (attributes.addrtype === 'mac') host.mac = macOf(attributes.addr);
        else host.ip ??= ipOf(attributes.addr);
        break;
      case 'hostname': {
        const hostname = wordOf(attributes.name);
        if (attributes.type === 'PTR' && hostname !== undefined) host.hostnames.add(hostname);
        break;
      }
      case 'os':
        this.#inSystem = true;
        break;
      case 'osmatch':
        this.#system(host, attributes);
        break;
      default:
        this.#inPort(host, name, attributes, line);
    }
  }

  /** Matches stand with the best first. */
  #system(host: ScannedHost, { name, accuracy }: Attributes): void {
    const system = wordOf(name);
    const percent = Number(accuracy);
    if (system !== undefined)
      host.os ??= { name: system, accuracy: percent >= 0 && percent <= 100 ? percent : null };
  }

  #inPort(host: ScannedHost, name: string, attributes: Attributes, line: number): void {
    if (name === 'port') {
      const at = portOf(attributes.protocol, attributes.portid);
      this.#port = at === null ? null : { ...at, line, isOpen: false, service: {}, cpes: [] };
    } else if (name === 'state' && this.#port !== null) this.#port.isOpen = attributes.state === 'open';
    else if (name === 'service' && this.#port !== null) this.#port.service = attributes;
    else if (name === 'script') this.#script(host, attributes, line);
  }

  #script(host: ScannedHost, { id = '', output = '' }: Attributes, line: number): void {
    const [way, shows] = (Object.hasOwn(LET_IN, id) && LET_IN[id]) || [];
    if (way !== undefined && shows?.test(output.slice(0, 10_000))) host.credential(this.#port, id, way, line);
  }

  #closePort(): void {
    const [host, port] = [this.#host, this.#port];
    this.#port = null;
    if (host === null || port === null || !port.isOpen) return;
    const { name, product, version, method, tunnel } = port.service;
    const said = { product: wordOf(product), version: wordOf(version) };
    for (const cpe of port.cpes) host.software(cpe);
    host.service(port, {
      ...serviceOf(name),
      basis: method === 'probed' ? 'answer' : 'port',
      ...(Object.fromEntries(Object.entries(said).filter(([, text]) => text !== undefined)) as object),
      ...(tunnel === 'ssl' ? { encrypted: true } : {}),
      ...(port.cpes.length > 0 ? { cpes: port.cpes.slice(0, SCAN_CPES) } : {}),
    });
  }

  #closeHost(): void {
    const host = this.#host;
    this.#host = null;
    this.#port = null;
    this.#inSystem = false;
    if (host !== null && !host.writeTo(this.#book))
      this.#skipped(host.line, 'host: expected an address and the time of the scan');
  }
}
