import { FRAGMENT_COST, FRAGMENT_MICROS, type SensorLimits } from '../limits.ts';
import type { Packet } from '../network/packet.ts';
import type { Tally } from '../report/tally.ts';
import { Datagram } from './datagram.ts';

/**
 * Puts IP datagrams together, and gives later fragments the ports of their first. Bounded in datagrams and bytes, oldest
 * first out; a datagram that is not whole after a minute of packet time never will be.
 */
export class Fragments {
  readonly #limits: Pick<SensorLimits, 'fragments' | 'fragmentBytes'>;
  readonly #tally: Tally;
  readonly #datagrams = new Map<string, Datagram>();
  #bytes = 0;

  constructor(limits: Pick<SensorLimits, 'fragments' | 'fragmentBytes'>, tally: Tally) {
    this.#limits = limits;
    this.#tally = tally;
  }

  /** Bytes held for datagrams that are not whole yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes a fragment; a later one gets the ports of its first. Returns the whole datagram once this was the last that was
   * missing: what stands behind the IP header (behind IPv6's fragment header), in memory of its own.
   */
  take(packet: Packet, buffer: Uint8Array, time: number): Uint8Array | null {
    const key = keyOf(packet);
    const datagram = this.#datagramOf(key, packet.fragmentOffset === 0, time);
    useFirst(datagram, packet);
    if (datagram.isOver) return null;
    const before = datagram.held;
    const whole = this.#join(datagram, packet, buffer);
    this.#bytes += datagram.held - before;
    this.#shrink();
    return whole;
  }

  /** Identifications come around again, on a busy path within seconds. */
  #datagramOf(key: string, isFirst: boolean, time: number): Datagram {
    const known = this.#datagrams.get(key);
    const isAnother = known !== undefined && isFirst && known.isDone;
    if (known && !isAnother && Math.abs(time - known.began) < FRAGMENT_MICROS) return known;
    if (known) this.#forget(key, known, 'fragments');
    const datagram = new Datagram(time);
    this.#datagrams.set(key, datagram);
    this.#bytes += FRAGMENT_COST;
    return datagram;
  }

  #join(datagram: Datagram, packet: Packet, buffer: Uint8Array): Uint8Array | null {
    const { fragmentStart, fragmentEnd } = packet;
    const taken = packet.isFragmentCut
      ? 'cut'
      : datagram.take(
          packet.fragmentOffset,
          buffer.subarray(fragmentStart, fragmentEnd),
          !packet.moreFragments,
          packet.version === 4,
        );
    if (taken === 'more' || taken === 'repeated') return null;
    if (taken === 'overlap') this.#tally.dropped('fragment-overlap');
    if (taken === 'cut') this.#tally.dropped('cut-by-snap-length');
    if (taken === 'refused') this.#tally.dropped('fragment-damaged');
    if (taken === 'overlap' && packet.version === 4) return null;
    packet.fragmentProtocol = datagram.protocol;
    const whole = taken === 'whole' ? datagram.join() : null;
    datagram.end();
    datagram.isDone = whole !== null;
    return whole;
  }

  #shrink(): void {
    const { fragments, fragmentBytes } = this.#limits;
    while (this.#datagrams.size > fragments || (this.#bytes > fragmentBytes && this.#datagrams.size > 0)) {
      const [[key, oldest]] = this.#datagrams as unknown as [[string, Datagram]];
      this.#forget(key, oldest, this.#datagrams.size > fragments ? 'fragments' : 'fragment-bytes');
    }
  }

  /** Nothing is lost with a datagram that is over. */
  #forget(key: string, datagram: Datagram, table: string): void {
    this.#datagrams.delete(key);
    this.#bytes -= datagram.held + FRAGMENT_COST;
    if (!datagram.isOver) this.#tally.evicted(table);
  }
}

/** Remembers what only the first fragment says, or gives it to a later one. */
function useFirst(datagram: Datagram, packet: Packet): void {
  if (packet.fragmentOffset === 0) {
    datagram.protocol = packet.fragmentProtocol;
    if (packet.hasPorts) datagram.ports = packet.sourcePort * 65_536 + packet.targetPort;
    return;
  }
  if (datagram.ports < 0) return;
  packet.hasPorts = true;
  packet.sourcePort = Math.floor(datagram.ports / 65_536);
  packet.targetPort = datagram.ports % 65_536;
}

/**
 * RFC 791: source, destination, protocol and identification name a datagram; the VLAN keeps like networks apart. IPv6's
 * next header does not count (RFC 8200 §4.5): it may differ from fragment to fragment.
 */
function keyOf(p: Packet): string {
  const source = `${p.source0},${p.source1},${p.source2},${p.source3}`;
  const protocol = p.version === 4 ? p.protocol : 6;
  return `${source},${p.target0},${p.target1},${p.target2},${p.target3},${p.version},${protocol},${p.fragmentId},${p.vlan}`;
}
