import { type DirectionBasis, portRank } from '@wardline/model';
import { FLOW_SERVICES } from '../limits.ts';
import type { Flow, Half } from './flow.ts';

const SYN = 2;
const RST = 4;
const ACK = 16;
const TCP = 6;
/** A port that this many more connections used than the other side's is a service's. */
const MANY = 3;

/** Whether the source of a flow is the client, and what told it. */
export interface Direction {
  sourceIsClient: boolean;
  basis: DirectionBasis;
}

/** How often each address and port was an end of a flow: a port that many use is a service's. Bounded; the oldest goes. */
export class Services {
  readonly #uses = new Map<string, number>();

  used({ source, sourcePort, destination, destinationPort, protocol }: Flow): void {
    this.#raise(`${protocol}|${source}|${sourcePort}`);
    this.#raise(`${protocol}|${destination}|${destinationPort}`);
  }

  /** More than 0 where the destination is the service, less where the source is, 0 where nothing tells. */
  weigh({ source, sourcePort, destination, destinationPort, protocol }: Flow): number {
    const ofSource = this.#uses.get(`${protocol}|${source}|${sourcePort}`) ?? 0;
    const ofDestination = this.#uses.get(`${protocol}|${destination}|${destinationPort}`) ?? 0;
    if (ofDestination >= MANY && ofDestination > ofSource * 2) return 1;
    return ofSource >= MANY && ofSource > ofDestination * 2 ? -1 : 0;
  }

  #raise(key: string): void {
    const uses = this.#uses.get(key) ?? 0;
    if (uses === 0 && this.#uses.size >= FLOW_SERVICES) {
      const [oldest] = this.#uses.keys();
      if (oldest !== undefined) this.#uses.delete(oldest);
    }
    this.#uses.set(key, uses + 1);
  }
}

/** Tells the client of a flow, best evidence first; `back` is the way back, where it was seen. */
export function directionOf(
  flow: Flow,
  back: (Half & { start: number }) | null,
  services: Services,
): Direction {
  if (flow.begins) return { sourceIsClient: true, basis: 'protocol' };
  return (
    byFlags(flow, back) ??
    byService(flow, services) ??
    byPort(flow) ?? {
      sourceIsClient: back === null || flow.start <= back.start,
      basis: 'order',
    }
  );
}

/** Who sent a SYN without ever an ACK began; who only reset was asked. */
function byFlags({ protocol, out }: Flow, back: Half | null): Direction | null {
  if (protocol !== TCP) return null;
  if (begunOnly(out) || refusedOnly(back)) return { sourceIsClient: true, basis: 'syn' };
  if (begunOnly(back) || refusedOnly(out)) return { sourceIsClient: false, basis: 'syn' };
  return null;
}

function begunOnly(half: Half | null): boolean {
  return ((half?.flags ?? 0) & (SYN | ACK)) === SYN;
}

function refusedOnly(half: Half | null): boolean {
  return ((half?.flags ?? 0) & (SYN | RST)) === RST && half?.packets === 1;
}

function byService(flow: Flow, services: Services): Direction | null {
  // Nobody sends from a group's address, so the group is what is asked.
  if (isGroup(flow.destination)) return { sourceIsClient: true, basis: 'service' };
  const weight = services.weigh(flow);
  return weight === 0 ? null : { sourceIsClient: weight > 0, basis: 'service' };
}

function byPort({ sourcePort, destinationPort }: Flow): Direction | null {
  const [source, destination] = [portRank(sourcePort), portRank(destinationPort)];
  return source === destination ? null : { sourceIsClient: destination > source, basis: 'port' };
}

/** Multicast (RFC 5771, RFC 4291 §2.7) and the broadcast to all. */
export function isGroup(ip: string): boolean {
  return /^(22[4-9]|23\d)\./.test(ip) || /^ff[0-9a-f]{2}:/.test(ip) || ip === '255.255.255.255';
}
