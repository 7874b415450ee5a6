/** Ports above 1023 that servers of hospitals are registered on or commonly use. */
const registered = new Set([
  1080, 1194, 1433, 1521, 1720, 1723, 1812, 1813, 1883, 1900, 2049, 2575, 2761, 2762, 3128, 3268, 3306, 3389,
  3478, 3702, 4242, 4433, 4786, 4840, 5000, 5060, 5061, 5222, 5353, 5355, 5432, 5672, 5683, 5684, 5900, 5985,
  5986, 6379, 6667, 8000, 8008, 8080, 8081, 8104, 8443, 8883, 9100, 9200, 10_050, 11_112, 20_000, 27_017,
  44_818, 47_808,
]);
/** IANA's dynamic range, which begins at 49152; Linux already takes its client ports from 32768 on. */
const FIRST_EPHEMERAL = 32_768;

/** Where clients of DHCP wait for their answers (RFC 2131 §4.1, RFC 8415 §7.2). */
const ofClients = new Set([68, 546]);

/** How much a port looks like a service's: 0 (no port) to 4 (a well-known one). */
export function portRank(port: number): number {
  if (port === 0) return 0;
  if (ofClients.has(port)) return 1;
  if (port < 1024) return 4;
  if (registered.has(port)) return 3;
  return port < FIRST_EPHEMERAL ? 2 : 1;
}
