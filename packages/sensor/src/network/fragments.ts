import type { Packet } from './packet.ts';

/** Remembers the ports of first fragments, so that later fragments count to the same conversation. Bounded, oldest first out. */
export class Fragments {
  readonly #limit: number;
  readonly #onEvicted: () => void;
  readonly #ports = new Map<string, number>();

  constructor(limit: number, onEvicted: () => void) {
    this.#limit = limit;
    this.#onEvicted = onEvicted;
  }

  /** Remembers a first fragment, or gives a later one the ports of its first. */
  follow(packet: Packet): void {
    const key = keyOf(packet);
    if (packet.fragmentOffset === 0) {
      if (packet.hasPorts) this.#remember(key, (packet.sourcePort << 16) | packet.targetPort);
      return;
    }
    const ports = this.#ports.get(key);
    if (ports === undefined) return;
    packet.hasPorts = true;
    packet.sourcePort = ports >>> 16;
    packet.targetPort = ports & 0xffff;
  }

  #remember(key: string, ports: number): void {
    this.#ports.delete(key);
    this.#ports.set(key, ports);
    if (this.#ports.size <= this.#limit) return;
    const [oldest] = this.#ports.keys();
    this.#ports.delete(oldest!);
    this.#onEvicted();
  }
}

/** RFC 791: source, destination, protocol and identification name a datagram; the VLAN keeps like networks apart. */
function keyOf(p: Packet): string {
  const source = `${p.source0},${p.source1},${p.source2},${p.source3}`;
  return `${source},${p.target0},${p.target1},${p.target2},${p.target3},${p.protocol},${p.fragmentId},${p.vlan}`;
}
