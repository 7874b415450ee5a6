import { type Evidence, type Facts, type Micros, type Protection, protections } from '@wardline/model';
import { isOutside } from '../engine/address.ts';
import { BoundedMap } from '../engine/bounded-map.ts';
import { acceptParts, anyEvidence } from '../engine/likeness.ts';
import type { Detector, Scene, Seen, Told } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import { counted } from './window.ts';

/** What belongs on a port; something else there hides, or is a mistake that others' rules rest on. */
const homes: ReadonlyMap<string, readonly string[]> = new Map([
  ['tcp/22', ['ssh']],
  ['tcp/25', ['smtp', 'tls']],
  ['tcp/53', ['dns', 'tls']],
  ['udp/53', ['dns']],
  ['udp/123', ['ntp']],
  ['tcp/104', ['dicom', 'dicom-tls', 'tls']],
  ['tcp/443', ['tls', 'http', 'http2', 'dicom-tls']],
  ['tcp/502', ['modbus', 'tls']],
  ['tcp/2575', ['hl7', 'tls', 'http']],
  ['tcp/3389', ['rdp', 'tls']],
]);
/** Programs that say who they are, and are made to find or use weaknesses. */
const tools =
  /\b(nmap|masscan|zgrab|nikto|sqlmap|gobuster|dirbuster|feroxbuster|wfuzz|ffuf|hydra|nuclei|wpscan|openvas|nessus|acunetix|metasploit|arachni|whatweb|dirsearch|zmap|skipfish|commix)\b/i;

interface Guard {
  protection: Protection;
  at: Micros;
  evidence: Evidence;
}

/** Ciphered words of protection, to be compared with `clear`. */
const guarded = new Set<Protection>(protections.filter((word) => word !== 'unknown' && word !== 'clear'));

/** Protocols in foreign places, protection that is gone, tools of attack, and clocks that lead astray. */
export class MisuseDetector implements Detector {
  readonly name = 'misuse';
  readonly #guards = new BoundedMap<Guard>(defaultLimits.devices, {
    protection: 'unknown',
    at: 0,
    evidence: anyEvidence,
  });
  readonly #clocks = new BoundedMap<number>(4096, 0);

  conversation(seen: Seen, scene: Scene): void {
    this.#foreign(seen, scene);
    this.#protection(seen, scene);
  }

  sighting(told: Told, scene: Scene): void {
    if (told.sighting.kind === 'http.client') this.#tool(told, scene);
    if (told.sighting.kind === 'clock.offset') this.#clock(told, scene);
  }

  #foreign({ conversation, client, server, at, toGroup }: Seen, scene: Scene): void {
    const { application, transport, serverPort } = conversation;
    const expected = homes.get(`${transport}/${serverPort}`);
    if (toGroup || application === null || expected === undefined || expected.includes(application)) return;
    if (conversation.basis === 'order' || conversation.packetsFromServer === 0) return;
    scene.raise({
      detection: 'protocol-misuse',
      about: `${server}|${serverPort}`,
      title: 'A protocol in a foreign place',
      severity: 'low',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: client,
      targets: [server],
      service: { transport, port: serverPort, application },
      summary: `{actor} speaks ${application} with {target} on port ${serverPort}, which is that of ${expected[0]}: a way to pass by rules that go by the port.`,
      firstSeen: at,
      lastSeen: conversation.lastSeen,
      evidence: [conversation.evidence],
    });
  }

  /** The same two by the same service, first protected and then in clear. */
  #protection({ conversation, client, server, at, toGroup }: Seen, scene: Scene): void {
    const { protection, transport, serverPort, evidence } = conversation;
    if (toGroup || protection === 'unknown' || conversation.packetsFromServer === 0) return;
    const key = `${client}|${server}|${transport}/${serverPort}`;
    const before = this.#guards.get(key);
    const better =
      before === undefined || protections.indexOf(protection) > protections.indexOf(before.protection);
    if (better) this.#guards.set(key, { protection, at, evidence });
    if (before === undefined || protection !== 'clear' || !guarded.has(before.protection)) return;
    scene.raise({
      detection: 'clear-text-downgrade',
      about: `${server}|${serverPort}`,
      title: 'Protection is gone',
      severity: 'high',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: null,
      targets: [client, server],
      service: { transport, port: serverPort, application: conversation.application },
      summary: `{target} speak in clear on port ${serverPort}, where they spoke under ${before.protection} before: somebody may have forced them to.`,
      firstSeen: at,
      lastSeen: conversation.lastSeen,
      evidence: [before.evidence, evidence],
      facts: { before: before.protection },
    });
  }

  #tool({ sighting, subject, at }: Told, scene: Scene): void {
    const { userAgent } = sighting.facts as Facts['http.client'];
    const found = tools.exec(userAgent);
    if (found === null || scene.baselines?.knowsCommand(subject, `agent:${userAgent}`) === true) return;
    scene.raise({
      detection: 'attack-tool',
      about: found[0].toLowerCase(),
      title: 'A tool of attack',
      severity: 'medium',
      confidence: 'high',
      basis: 'wrong-in-itself',
      actor: subject,
      targets: [],
      service: { transport: 'tcp', port: sighting.service?.port ?? null, application: 'http' },
      summary: `{actor} calls itself ${found[0]} when it asks for web pages: a program that looks for weaknesses. An audit of your own does so, too.`,
      firstSeen: at,
      lastSeen: sighting.lastSeen,
      evidence: [sighting.evidence],
      facts: { tool: found[0] },
    });
  }

  /** A clock is wrong by what others that were heard agree on; alone it may as well be the capture's that is. */
  #clock({ sighting, subject, at }: Told, scene: Scene): void {
    const { seconds, source } = sighting.facts as Facts['clock.offset'];
    this.#clocks.set(subject, seconds);
    const others = [...this.#clocks.entries()]
      .filter(([device]) => device !== subject)
      .map(([, value]) => value);
    const common = others.length < 2 ? 0 : others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)]!;
    const off = seconds - common;
    // Who is outside, and alone, is more often right than the recording.
    if (Math.abs(off) < 60 || (others.length < 2 && isOutside(sighting.subject.ip))) return;
    scene.raise({
      detection: 'clock-drift',
      about: subject,
      title: 'A clock that is wrong',
      severity: 'low',
      confidence: others.length < 2 ? 'low' : 'medium',
      basis: 'wrong-in-itself',
      actor: null,
      targets: [subject],
      service: null,
      summary: `The clock of {target} is about ${counted(Math.abs(Math.round(off)), 'second')} ${off > 0 ? 'ahead' : 'behind'} by ${source.toUpperCase()}${others.length < 2 ? '; nothing else in the recording tells whether the recording itself is right' : ''}.`,
      firstSeen: at,
      lastSeen: sighting.lastSeen,
      evidence: [sighting.evidence],
      facts: { seconds: Math.round(off) },
    });
  }

  save(): unknown {
    return { guards: this.#guards.save(), clocks: this.#clocks.save() };
  }

  accepts(state: unknown): boolean {
    return acceptParts(state, { guards: this.#guards, clocks: this.#clocks });
  }

  load(state: unknown): void {
    const { guards, clocks } = state as { guards: [string, Guard][]; clocks: [string, number][] };
    this.#guards.load(guards);
    this.#clocks.load(clocks);
  }
}
