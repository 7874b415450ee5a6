import { connect } from 'node:net';
import { PEERS } from './configuration.ts';
import { ANSWER_OCTETS, SOCKET_MILLIS } from './limits.ts';

/** HAProxy is not there, or refused; the message is for a person. */
export class GatewayError extends Error {
  override name = 'GatewayError';
}

/** Says one command to a running HAProxy and returns its answer. @throws GatewayError */
export function say(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      line.destroy();
      reject(new GatewayError(`${socket}: ${why}`));
    };
    // The master goes on listening on a line that stays open.
    const line = connect(socket, () => line.end(`${command}\n`));
    let answer = '';
    line.setTimeout(SOCKET_MILLIS, () => fail('HAProxy does not answer'));
    line.setEncoding('utf8');
    line.on('data', (text: string) => {
      answer += text;
      if (answer.length > ANSWER_OCTETS) fail('the answer is too long');
    });
    line.on('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? 'HAProxy does not run' : error.message),
    );
    line.on('end', () => resolve(answer));
  });
}

/** @throws GatewayError where HAProxy says anything */
async function order(socket: string, command: string): Promise<void> {
  const answer = (await say(socket, command)).trim();
  if (answer !== '') throw new GatewayError(`HAProxy refused "${command}": ${answer}`);
}

/** Keys of a map as it is in the running gateway. */
export async function liveKeys(socket: string, map: string): Promise<string[]> {
  const answer = await say(socket, `show map ${map}`);
  return answer
    .split('\n')
    .map((line) => /^0x[0-9a-f]+ (\S+) pass$/.exec(line)?.[1])
    .filter((key) => key !== undefined);
}

export async function addKey(socket: string, map: string, key: string): Promise<void> {
  if (!(await liveKeys(socket, map)).includes(key)) await order(socket, `add map ${map} ${key} pass`);
}

export async function removeKey(socket: string, map: string, key: string): Promise<void> {
  if ((await liveKeys(socket, map)).includes(key)) await order(socket, `del map ${map} ${key}`);
}

export interface LiveSession {
  id: string;
  frontend: string;
  address: string;
  port: number;
}

/** `0x55…: proto=tcpv4 src=10.0.0.5:4711 fe=wl_in_monitor be=… …`, one a line. */
export function sessionsIn(answer: string): LiveSession[] {
  return answer.split('\n').flatMap((line) => {
    const match = /^(0x[0-9a-f]+): proto=\S+ src=(\S+):(\d+) fe=(\S+) /.exec(line);
    if (match === null) return [];
    const [, id, address, port, frontend] = match;
    return [{ id: id!, address: address!.replace(/^\[|\]$/g, ''), port: Number(port), frontend: frontend! }];
  });
}

/** `0x…: key=station|0A4F|10.0.0.5:4711 use=1 …`: where each certificate speaks from now. */
export function peersIn(answer: string): { name: string; serial: string; address: string; port: number }[] {
  return answer.split('\n').flatMap((line) => {
    const match = /^0x[0-9a-f]+: key=([^|\s]+)\|([0-9A-F]+)\|(\S+):(\d+) use=(\d+)/.exec(line);
    if (match === null || match[5] === '0') return [];
    return [{ name: match[1]!, serial: match[2]!, address: match[3]!, port: Number(match[4]) }];
  });
}

export const sessions = async (socket: string): Promise<LiveSession[]> =>
  sessionsIn(await say(socket, 'show sess'));

export const peers = async (socket: string): Promise<ReturnType<typeof peersIn>> =>
  peersIn(await say(socket, `show table ${PEERS}`));

export const endSession = (socket: string, { id }: LiveSession): Promise<void> =>
  order(socket, `shutdown session ${id}`);

/** Puts lists into the running gateway in the place of those that it has, at once for every new handshake. @throws GatewayError */
export async function loadLists(socket: string, file: string, pem: string): Promise<void> {
  const set = await say(socket, `set ssl crl-file ${file} <<\n${pem.trim()}\n`);
  if (!/transaction (created|updated)/.test(set))
    throw new GatewayError(`HAProxy refused the lists: ${set.trim()}`);
  const committed = await say(socket, `commit ssl crl-file ${file}`);
  if (!committed.includes('Success'))
    throw new GatewayError(`HAProxy did not take the lists: ${committed.trim()}`);
}
