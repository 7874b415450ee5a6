import type { Facts } from '@wardline/model';
import { SCAN_CPES, SCAN_PORTS, SCAN_SOFTWARE } from '../limits.ts';
import type { LogBook, Setting } from '../sensor-logs/book.ts';

type Service = Facts['scan.service'];
type Credential = Facts['scan.credential'];

export interface ScannedPort {
  transport: 'tcp' | 'udp';
  port: number;
}

interface Place extends ScannedPort {
  line: number;
}

const keyOf = ({ transport, port }: ScannedPort): string => `${transport}/${port}`;

/** One host as a scanner describes it, gathered until its description ends. */
export class ScannedHost {
  readonly line: number;
  ip: string | null = null;
  mac: string | null = null;
  /** Null where the scan does not say when it looked. */
  time: number | null = null;
  /** It answered somehow, not only by an open service. */
  isUp = false;
  readonly hostnames = new Set<string>();
  os: { name: string; accuracy: number | null } | null = null;
  readonly #scanner: string;
  readonly #services = new Map<string, Place & { facts: Service }>();
  readonly #software = new Set<string>();
  readonly #credentials = new Map<string, { at: Place | null; facts: Credential; line: number }>();
  readonly #media = new Map<string, number>();
  #beyond = 0;

  constructor(scanner: string, line: number) {
    this.#scanner = scanner;
    this.line = line;
  }

  service(at: Place, said: Omit<Service, 'scanner'>): void {
    const known = this.#services.get(keyOf(at));
    if (known !== undefined) {
      known.facts = together(known.facts, said);
      return;
    }
    if (this.#services.size >= SCAN_PORTS) this.#beyond += 1;
    else this.#services.set(keyOf(at), { ...at, facts: { scanner: this.#scanner, ...said } });
  }

  software(cpe: string): void {
    const name = cpe.trim().split(/\s/, 1)[0] ?? '';
    const isProduct = /^cpe:(\/|2\.3:)[aoh]:/i.test(name) && name.length <= 256;
    if (isProduct && this.#software.size < SCAN_SOFTWARE) this.#software.add(name);
  }

  credential(at: Place | null, check: string, way: Credential['way'], line: number): void {
    const facts = { scanner: this.#scanner, check: check.slice(0, 120), way };
    this.#credentials.set(`${at ? keyOf(at) : ''} ${facts.check}`, { at, facts, line });
  }

  media(check: string, line: number): void {
    this.#media.set(check.slice(0, 120), line);
  }

  /** Writes it down; false where the scan does not say when, or where. */
  writeTo(book: LogBook): boolean {
    if (this.ip === null || this.time === null) return false;
    if (this.#beyond > 0) book.dropped('port-beyond-bound', this.#beyond);
    const found = this.#services.size + this.#software.size + this.#credentials.size;
    if (!this.isUp && found === 0) return true;
    this.#host(book);
    for (const { facts, ...at } of this.#services.values())
      book.sight('scan.service', 'server', facts, this.#setting(at.line, at));
    const scanner = this.#scanner;
    for (const cpe of this.#software)
      book.sight('scan.software', 'server', { scanner, cpe }, this.#setting(this.line));
    for (const { at, facts, line } of this.#credentials.values())
      book.sight('scan.credential', 'server', facts, this.#setting(line, at));
    for (const [check, line] of this.#media)
      book.sight('scan.media', 'server', { scanner, check }, this.#setting(line));
    return true;
  }

  #host(book: LogBook): void {
    const facts: Facts['scan.host'] = { scanner: this.#scanner };
    const [hostname] = this.hostnames;
    if (hostname !== undefined) facts.hostname = hostname;
    if (this.os !== null) facts.os = this.os.name;
    if (this.os !== null && this.os.accuracy !== null) facts.accuracy = this.os.accuracy;
    book.sight('scan.host', 'server', facts, this.#setting(this.line));
  }

  #setting(line: number, at: ScannedPort | null = null): Setting {
    const server = { mac: this.mac, ip: this.ip, vlan: null };
    const nobody = { mac: null, ip: null, vlan: null };
    const port = at?.port ?? null;
    return { client: nobody, server, transport: at?.transport ?? 'ip', port, time: this.time ?? 0, line };
  }
}

/** A second statement about the same service: what was recognised by its answer counts before a guess. */
function together(known: Service, said: Omit<Service, 'scanner'>): Service {
  const [better, other] = known.basis === 'port' && said.basis === 'answer' ? [said, known] : [known, said];
  const cpes = [...new Set([...(known.cpes ?? []), ...(said.cpes ?? [])])].slice(0, SCAN_CPES);
  const merged = { ...other, ...better, scanner: known.scanner };
  if (known.encrypted === true || said.encrypted === true) merged.encrypted = true;
  return cpes.length > 0 ? { ...merged, cpes } : merged;
}
