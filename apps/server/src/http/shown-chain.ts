import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** Whoever comes sends its own certificate, its maker's and one or two between. */
const SHOWN_CERTIFICATES = 6;

/** The certificates that the peer showed, its own first; none where it has none. */
export function chainOf(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (
    next?.raw !== undefined &&
    chain.length < SHOWN_CERTIFICATES &&
    !chain.some((one) => one.equals(next!.raw))
  ) {
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}
