import { join } from 'node:path';
import type { GatewayPlan } from './plan.ts';

/** A map of the gateway: who may pass, by name of the certificate (inwards) or by address (outwards). */
export interface GatewayMap {
  direction: 'in' | 'out';
  device: string;
  path: string;
  /** What it holds at first. */
  keys: readonly string[];
}

export const PASS = 'pass';
/** Live sessions by `name|serial|address:port`, so that those of one certificate can be found. */
export const PEERS = 'wl_peers';
export const frontendOf = ({ direction, device }: Pick<GatewayMap, 'direction' | 'device'>): string =>
  `wl_${direction}_${device}`;

export function mapsOf({ inwards, outwards }: GatewayPlan, folder: string): GatewayMap[] {
  const map = (direction: 'in' | 'out', device: string, keys: readonly string[]): GatewayMap => ({
    direction,
    device,
    path: join(folder, 'maps', `${direction}-${device}.map`),
    keys,
  });
  return [
    ...inwards.map(({ device, peers }) => map('in', device, peers)),
    ...outwards.map(({ device, from }) => map('out', device, [from])),
  ];
}

export const mapText = (keys: Iterable<string>): string =>
  [...keys].map((key) => `${key} ${PASS}\n`).join('');

/**
 * HAProxy's configuration. Inwards: whoever connects shows a certificate of our authorities, and passes where the device's map
 * has its name. Outwards: the device speaks in clear over its own cable, and the gateway speaks TLS for it with the device's
 * own certificate, to a server that shows its own.
 */
export function configurationText(plan: GatewayPlan, folder: string): string {
  const maps = mapsOf(plan, folder);
  const pathOf = (direction: 'in' | 'out', device: string) =>
    maps.find((map) => map.direction === direction && map.device === device)!.path;
  return [
    '# made by wardline gateway compile. Do not edit; the plan is the source.',
    'global',
    '    log stderr local0',
    `    stats socket ${plan.socket} mode 600 level admin`,
    '    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets',
    '    ssl-default-server-options ssl-min-ver TLSv1.2',
    // Who comes back is checked anew: a session that is taken up again would pass by the list.
    '    tune.ssl.cachesize 0',
    '',
    'defaults',
    '    mode tcp',
    '    log global',
    '    option tcplog',
    '    timeout connect 5s',
    '    timeout client 1h',
    '    timeout server 1h',
    '',
    `backend ${PEERS}`,
    '    stick-table type string len 192 size 100k expire 24h store conn_cur',
    '',
    ...plan.inwards.flatMap((inward) => inwardLines(plan, inward, pathOf('in', inward.device))),
    ...plan.outwards.flatMap((outward) => outwardLines(plan, outward, pathOf('out', outward.device))),
  ].join('\n');
}

const placeOf = ({ address, port }: { address: string; port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/**
 * X509_V_ERR_UNABLE_TO_GET_CRL (3) of authorities: the root's own list is not asked for. X509_V_ERR_CRL_HAS_EXPIRED (12): whatever is on an old
 * list stays shut out, and a server that is away for a day does not cut a ward off.
 */
const listsOf = (revocation: GatewayPlan['revocation']): string =>
  revocation === null ? '' : ` crl-file ${revocation.file} crt-ignore-err 12 ca-ignore-err 3,12`;

function inwardLines(
  { certificate, authorities, revocation }: GatewayPlan,
  { device, listen, to }: GatewayPlan['inwards'][number],
  map: string,
): string[] {
  const frontend = frontendOf({ direction: 'in', device });
  return [
    `frontend ${frontend}`,
    `    bind ${placeOf(listen)} ssl crt ${certificate} ca-file ${authorities} verify required${listsOf(revocation)}`,
    '    tcp-request session set-var(sess.peer) ssl_c_s_dn(CN)',
    '    tcp-request session set-var(sess.serial) ssl_c_serial,hex',
    '    tcp-request session set-var(sess.address) src',
    '    tcp-request session set-var(sess.port) src_port',
    `    tcp-request session reject unless { var(sess.peer),map_str(${map}) -m str ${PASS} }`,
    `    tcp-request session track-sc0 var(sess.peer),concat(|,sess.serial),concat(|,sess.address),concat(:,sess.port) table ${PEERS}`,
    `    default_backend ${frontend}_to`,
    `backend ${frontend}_to`,
    `    server device ${placeOf(to)}`,
    '',
  ];
}

function outwardLines(
  { authorities }: GatewayPlan,
  { device, listen, to, certificate, serverName }: GatewayPlan['outwards'][number],
  map: string,
): string[] {
  const frontend = frontendOf({ direction: 'out', device });
  const tls = `ssl crt ${certificate} ca-file ${authorities} verify required verifyhost ${serverName} sni str(${serverName})`;
  return [
    `frontend ${frontend}`,
    `    bind ${placeOf(listen)}`,
    `    tcp-request connection reject unless { src,map_ip(${map}) -m str ${PASS} }`,
    `    default_backend ${frontend}_to`,
    `backend ${frontend}_to`,
    `    server server ${placeOf(to)} ${tls}`,
    '',
  ];
}
