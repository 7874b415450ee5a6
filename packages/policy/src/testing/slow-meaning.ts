import type { Clause, Resolved } from '../resolve.ts';
import { contains, type Packet } from '../space/packet.ts';

/** What a policy says of one packet, worked out packet by packet and without diagrams. */
export function slowlyPermitted(resolved: Resolved, packet: Packet): boolean {
  const speaks = (clause: Clause, whatever = false) => {
    const { sources, destinations, services } = clause;
    const from = { source: sources[packet.family] };
    const to = { destination: destinations[packet.family] };
    const used = whatever || services[packet.family].some((box) => contains(box, packet));
    return contains(from, packet) && contains(to, packet) && used;
  };
  const { clauses, undeclared } = resolved;
  if (clauses.some((clause) => clause.kind === 'must-deny' && speaks(clause))) return false;
  const conduits = clauses.filter(({ kind }) => kind === 'conduit' || kind === 'exception');
  if (conduits.some((clause) => speaks(clause, clause.mode !== 'enforce'))) return true;
  if (undeclared === 'enforce') return false;
  return !conduits.some(
    (clause) => clause.kind === 'conduit' && clause.mode === 'enforce' && speaks(clause, true),
  );
}

/** The packet that answers another: ends swapped; TCP then has ACK. Null where nothing answers it that way. */
export function slowAnswer(packet: Packet): Packet | null {
  const { protocol } = packet;
  const back = { ...packet, source: packet.destination, destination: packet.source };
  if (protocol === 1n || protocol === 58n) {
    const answer = new Map([
      [8n, 0n],
      [13n, 14n],
      [128n, 129n],
    ]).get(packet.sourcePort);
    return answer === undefined ? null : { ...back, sourcePort: answer };
  }
  const swapped = { ...back, sourcePort: packet.destinationPort, destinationPort: packet.sourcePort };
  return protocol === 6n ? { ...swapped, established: 1n } : swapped;
}
