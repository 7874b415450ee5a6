import { type Packet, parseAddress } from '@wardline/policy';

/** Workers of `show proc`, also those that were replaced and carry old sessions on. */
export const workersIn = (answer: string): number[] =>
  answer.split('\n').flatMap((line) => {
    const match = /^(\d+)\s+worker\s/.exec(line);
    return match === null ? [] : [Number(match[1])];
  });

export interface WorkerSession {
  id: string;
  /** What opened it. */
  packet: Packet;
}

/**
 * Sessions of the policy's own frontends, as `show sess all` tells them:
 * `0x55d0: [time] id=3 proto=tcpv4 source=10.0.0.5:4711`, then `  frontend=wl_1 (…), listener=? (id=1) addr=10.0.0.9:104`.
 */
export function gatewaySessionsIn(answer: string): WorkerSession[] {
  return answer.split(/^(?=0x[0-9a-f]+: )/m).flatMap((part) => {
    const head = /^(0x[0-9a-f]+): .*\bsource=(\S+)/.exec(part);
    const to = /^\s+frontend=wl_\d+ .*\baddr=(\S+)$/m.exec(part);
    const [source, destination] = [placeOf(head?.[2]), placeOf(to?.[1])];
    if (head === null || source === null || destination === null || source.family !== destination.family)
      return [];
    const packet: Packet = {
      family: source.family,
      source: source.value,
      destination: destination.value,
      protocol: 6n,
      sourcePort: source.port,
      destinationPort: destination.port,
      established: 0n,
    };
    return [{ id: head[1]!, packet }];
  });
}

/** `10.0.0.5:104`, `fd00::5:104`, or `::ffff:10.0.0.5:104`: a socket of both families names IPv4 so. */
function placeOf(text: string | undefined) {
  const match = /^\[?(?:::ffff:(?=\d+\.))?(.+?)\]?:(\d{1,5})$/.exec(text ?? '');
  const address = match === null ? null : parseAddress(match[1]!);
  return address === null ? null : { ...address, port: BigInt(match![2]!) };
}
