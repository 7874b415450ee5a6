import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { decidingLine, type Packet, parseAddress, type Ruleset, readNftables } from '@wardline/policy';
import { SESSIONS_ENDED_ONE_BY_ONE } from './limits.ts';

const TABLE_OF_SESSIONS = '/proc/net/nf_conntrack';

/** A session as the kernel tracks it; the packet is the one that opened it, as the forward hook saw it. */
interface Session {
  packet: Packet;
  /** What `conntrack --delete` finds it by. */
  filter: string[];
}

/**
 * Every session is authorised again: those that the rules would not let open today end. What this machine itself talks is
 * no business of the forward hook. Null where they cannot be seen or ended, so that they go on until they end by themselves.
 */
export function endUndeclared(listing: string | null): number | null {
  if (listing === null) return 0;
  const ruleset = rulesetOf(listing);
  if (ruleset === null || !existsSync(TABLE_OF_SESSIONS)) return null;
  const own = ownAddresses();
  const against = sessionsOf(readFileSync(TABLE_OF_SESSIONS, 'utf8')).filter(
    ({ packet }) => !own.has(packet.source) && !own.has(packet.destination) && !passes(ruleset, packet),
  );
  if (against.length === 0) return 0;
  const isDone =
    against.length > SESSIONS_ENDED_ONE_BY_ONE
      ? conntrack(['--flush'])
      : against.map(({ filter }) => conntrack(['--delete', ...filter])).every(Boolean);
  return isDone ? against.length : null;
}

function rulesetOf(listing: string): Ruleset | null {
  const result = readNftables(listing);
  return 'fault' in result ? null : (result.rulesets[0] ?? null);
}

function passes(ruleset: Ruleset, packet: Packet): boolean {
  return (decidingLine(ruleset, packet)?.action ?? ruleset.otherwise) === 'permit';
}

function ownAddresses(): Set<bigint> {
  const texts = Object.values(networkInterfaces()).flatMap(
    (list) => list?.map(({ address }) => address) ?? [],
  );
  return new Set(texts.flatMap((text) => parseAddress(text)?.value ?? []));
}

/** A session that has gone meanwhile needs no ending: conntrack then says so and ends with 1. */
function conntrack(args: readonly string[]): boolean {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  const { status, stderr } = spawnSync('conntrack', args, {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  return status === 0 || /0 flow entries/.test(stderr ?? '');
}

/** Reads the kernel's list of sessions, one a line; what is no session of IP is passed over. */
export function sessionsOf(text: string): Session[] {
  return text.split('\n').flatMap((line) => sessionOf(line) ?? []);
}

/** `ipv4 2 tcp 6 431999 ESTABLISHED src=A dst=B sport=1 dport=2 src=B dst=A sport=2 dport=1 [ASSURED] …` */
function sessionOf(line: string): Session | null {
  const head = /^(ipv4|ipv6)\s+\d+\s+\S+\s+(\d+)\s/.exec(line);
  const pairs = [...line.matchAll(/\b(src|dst|sport|dport|type|code)=(\S+)/g)].map(
    ([, name, value]) => [name!, value!] as const,
  );
  const half = pairs.findIndex(([name], index) => index > 0 && name === 'src');
  if (head === null || half < 0) return null;
  const [asked, answered] = [Object.fromEntries(pairs.slice(0, half)), Object.fromEntries(pairs.slice(half))];
  // Where addresses are translated, the forward hook sees the true server: whoever answers.
  const [source, destination] = [parseAddress(asked.src ?? ''), parseAddress(answered.src ?? '')];
  if (source === null || destination === null || source.family !== destination.family) return null;
  const packet: Packet = {
    family: source.family,
    source: source.value,
    destination: destination.value,
    protocol: BigInt(head[2]!),
    sourcePort: BigInt(asked.sport ?? asked.type ?? 0),
    destinationPort: BigInt(answered.sport ?? asked.code ?? 0),
    established: 0n,
  };
  return { packet, filter: filterOf(head[1]!, head[2]!, asked) };
}

function filterOf(family: string, protocol: string, asked: Readonly<Record<string, string>>): string[] {
  const options = [
    ['--sport', asked.sport],
    ['--dport', asked.dport],
  ].flatMap(([option, value]) => (value === undefined ? [] : [option!, value]));
  return ['-f', family, '-p', protocol, '-s', asked.src!, '-d', asked.dst!, ...options];
}
