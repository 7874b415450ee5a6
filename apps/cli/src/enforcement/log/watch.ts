import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { LOG_GROUP } from '@wardline/policy';
import { LogError, type Told, ToldPackets } from './told-packets.ts';

const FOLDERS = ['/usr/bin', '/usr/sbin', '/sbin'];

/** Tells every packet that the kernel tells of, until `signal` or the program's end. @throws LogError */
export async function* watch(signal: AbortSignal): AsyncGenerator<Told> {
  const program = FOLDERS.map((folder) => `${folder}/tcpdump`).find((path) => existsSync(path));
  if (program === undefined) throw new LogError('the program tcpdump is not installed');
  const child = spawn(program, ['-Z', 'root', '-n', '-U', '-s', '0', '-i', `nflog:${LOG_GROUP}`, '-w', '-'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2000);
  });
  const packets = new ToldPackets();
  for await (const chunk of child.stdout) yield* packets.push(chunk as Buffer);
  signal.removeEventListener('abort', stop);
  if (!signal.aborted) throw new LogError(explain(said));
}

function explain(said: string): string {
  if (/busy/i.test(said)) return `another program listens to log group ${LOG_GROUP} already`;
  if (/permission|not permitted/i.test(said)) return 'only root may listen to the netfilter log';
  return `tcpdump ended: ${said.trim().split('\n').at(-1) ?? ''}`;
}

/** Names of this machine's interfaces by their numbers. */
export function interfaceNames(): Map<number, string> {
  const folder = '/sys/class/net';
  return new Map(
    readdirSync(folder)
      .filter((name) => existsSync(`${folder}/${name}/ifindex`))
      .map((name) => [Number(readFileSync(`${folder}/${name}/ifindex`, 'utf8')), name]),
  );
}
