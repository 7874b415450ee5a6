import type { Facts } from '@wardline/model';
import type { CredentialUse, Reporter, Side, StreamSession } from '../../dissector.ts';
import { latin1, present } from '../../text/wire-text.ts';
import { devicesOf, ObservedDevices } from './devices.ts';
import { embeddedMac } from './embedded-mac.ts';
import { type BlockListener, BlockReader, LINE_FEED } from './framing.ts';
import { constantPart, type Header, parseHeader } from './header.ts';
import { MAX_AWAITED, MAX_FIELDS, MAX_REPETITIONS } from './limits.ts';
import { hasValue, phiFieldsOf } from './phi-fields.ts';
import { parseSeparators, Segment, type Separators } from './separators.ts';

/** A message that the other side has not acknowledged yet. */
interface Awaited {
  messageType: string;
  security: string;
}

interface Direction {
  blocks: BlockReader;
  listener: BlockListener;
  separators: Separators | null;
  /** The last header, and what is said for it. */
  spoken: Spoken | null;
  devices: ObservedDevices;
  /** By control id. */
  awaited: Map<string, Awaited>;
}

type EndpointFacts = Facts['hl7.endpoint'];

/** What is said for a header, kept for the next one that differs in time and control id only. */
interface Spoken {
  constantPart: string;
  header: Header;
  sender: EndpointFacts;
  receiver: EndpointFacts | null;
  isAnswer: boolean;
}

type Outcome = CredentialUse['outcome'];

/** One connection of the minimal lower layer protocol: messages and acknowledgements both ways. */
export class Hl7Session implements StreamSession {
  readonly #report: Reporter;
  readonly #directions: Record<Side, Direction>;
  readonly #served = new Set<string>();

  constructor(report: Reporter) {
    this.#report = report;
    this.#directions = { client: this.#newDirection('client'), server: this.#newDirection('server') };
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    const { blocks, listener } = this.#directions[from];
    return blocks.read(bytes, listener);
  }

  /** What is lost is lost; the next block starts with a byte that occurs nowhere else. */
  onGap(from: Side): boolean {
    const direction = this.#directions[from];
    this.#endMessage(from, direction);
    direction.blocks.resynchronise();
    return true;
  }

  onEnd(): void {
    for (const side of ['client', 'server'] as const) {
      const direction = this.#directions[side];
      this.#endMessage(side, direction);
      for (const awaited of direction.awaited.values()) this.#security(side, awaited, 'unknown');
    }
  }

  #newDirection(from: Side): Direction {
    const listener: BlockListener = {
      segment: (bytes) => this.#segment(from, direction, bytes),
      end: () => this.#endMessage(from, direction),
      stray: () => this.#report.malformed('hl7-framing'),
    };
    const direction: Direction = {
      blocks: new BlockReader(),
      listener,
      separators: null,
      spoken: null,
      devices: new ObservedDevices(),
      awaited: new Map(),
    };
    return direction;
  }

  #segment(from: Side, direction: Direction, bytes: Uint8Array): void {
    const text = bytes[0] === LINE_FEED ? latin1(bytes).replace(/^\n+/, '') : latin1(bytes);
    if (isOpener(text)) direction.separators = parseSeparators(text);
    if (direction.separators === null) {
      this.#report.malformed('hl7-separators');
      return;
    }
    const segment = new Segment(text, direction.separators, MAX_FIELDS);
    if (segment.name === 'MSH') this.#header(from, direction, segment);
    else if (segment.name === 'MSA') this.#acknowledgement(from, segment);
    this.#phi(from, segment);
    for (const device of devicesOf(segment)) this.#device(from, device);
    direction.devices.take(segment);
  }

  /** A device whose identifier holds its hardware address is stated of that address too, with who named it. */
  #device(from: Side, device: Facts['hl7.device']): void {
    this.#report.sight('hl7.device', from, device);
    const mac = embeddedMac(device.universalId, device.universalIdType);
    if (mac !== null) this.#report.sight('hl7.device', { mac, ip: null, vlan: null }, device, { peer: from });
  }

  /** Ends a message: a block's end, or the next MSH within a batch (§2.10.3). */
  #endMessage(from: Side, direction: Direction): void {
    for (const device of direction.devices.drain()) this.#report.sight('hl7.device', from, device);
  }

  #header(from: Side, direction: Direction, segment: Segment): void {
    this.#endMessage(from, direction);
    const constant = constantPart(segment);
    if (direction.spoken?.constantPart !== constant) direction.spoken = spokenFor(segment, constant);
    const { header, sender, receiver, isAnswer } = direction.spoken;
    const other = otherSide(from);
    this.#report.sight('hl7.endpoint', from, sender, { peer: other });
    if (receiver) this.#report.sight('hl7.endpoint', other, receiver, { peer: from });
    if (!isAnswer) this.#report.note('messageType', header.messageType);
    this.#await(direction, header, segment.field(10));
  }

  #await({ awaited }: Direction, { messageType, security }: Header, controlId: string): void {
    const oldest = awaited.size >= MAX_AWAITED ? awaited.keys().next().value : undefined;
    if (oldest !== undefined) awaited.delete(oldest);
    if (controlId !== '') awaited.set(controlId, { messageType, security });
  }

  /** MSA (§2.14.8): AA and CA accept. The lower layer knows no authentication; only MSH-8 may carry a secret. */
  #acknowledgement(from: Side, segment: Segment): void {
    const asker = otherSide(from);
    const { awaited } = this.#directions[asker];
    const asked = awaited.get(segment.field(2));
    const code = segment.field(1);
    awaited.delete(segment.field(2));
    if (asked && hasValue(asked.security)) {
      this.#security(asker, asked, outcomeOf(code));
      return;
    }
    if (from === 'server' && asked && (code === 'AA' || code === 'CA')) this.#serve(asked.messageType);
  }

  #serve(messageType: string): void {
    const operation = messageType === '' ? 'message' : messageType;
    if (this.#served.has(operation) || this.#served.size >= MAX_AWAITED) return;
    this.#served.add(operation);
    this.#report.sight('service.unauthenticated', 'server', { protocol: 'hl7', operation });
  }

  #security(asker: Side, { security }: Awaited, outcome: Outcome): void {
    if (!hasValue(security)) return;
    const use = { protocol: 'hl7', field: 'MSH-8', user: null, secret: security };
    this.#report.credential({ ...use, acceptedBy: otherSide(asker), outcome });
  }

  #phi(from: Side, segment: Segment): void {
    for (const { number, field } of phiFieldsOf(segment.name)) {
      for (const value of segment.repetitions(number, MAX_REPETITIONS)) {
        if (hasValue(value)) this.#report.phi('hl7', field, from, value);
      }
    }
  }
}

function spokenFor(segment: Segment, constant: string): Spoken {
  const header = parseHeader(segment);
  const messageTypes = header.messageType === '' ? [] : [header.messageType];
  const { version, receivingApplication, receivingFacility } = header;
  const common = { messageTypes, version };
  const from = { application: header.sendingApplication, facility: header.sendingFacility };
  const to = { application: receivingApplication, facility: receivingFacility };
  const names = receivingApplication ?? receivingFacility;
  return {
    constantPart: constant,
    header,
    sender: present<EndpointFacts>({ role: 'sender', ...from, ...common }),
    receiver: names ? present<EndpointFacts>({ role: 'receiver', ...to, ...common }) : null,
    isAnswer: /^(ACK.*)?$/.test(header.messageType),
  };
}

function isOpener(segment: string): boolean {
  return segment.startsWith('MSH') || segment.startsWith('FHS') || segment.startsWith('BHS');
}

function outcomeOf(code: string): Outcome {
  if (code === 'AA' || code === 'CA') return 'accepted';
  return code === 'AR' || code === 'CR' ? 'refused' : 'unknown';
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
