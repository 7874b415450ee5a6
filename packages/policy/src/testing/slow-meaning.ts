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
