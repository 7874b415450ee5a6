import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Packet } from '../space/packet.ts';
import { captureOf, frameOf } from './frames.ts';

const installed = (program: string) =>
  ['/usr/sbin', '/sbin', '/usr/bin', '/bin'].some((folder) => existsSync(`${folder}/${program}`));

/** Namespaces can be made here, and the programs are there. */
export const canRoute: boolean =
  process.getuid?.() === 0 &&
  ['nft', 'tcpreplay', 'ip'].every(installed) &&
  spawnSync('unshare', ['-n', 'true']).status === 0;

/** A router of the Linux kernel between a sender and a sink, each in a network namespace of its own. */
export class Router {
  readonly #names: { sender: string; router: string; sink: string };
  readonly #folder = mkdtempSync(join(tmpdir(), 'wardline-router-'));
  readonly #mac: Buffer;

  constructor() {
    const stem = `wl${process.pid % 100_000}`;
    this.#names = { sender: `${stem}s`, router: `${stem}r`, sink: `${stem}k` };
    const { sender, router, sink } = this.#names;
    for (const name of [sender, router, sink]) run('ip', 'netns', 'add', name);
    this.#link(sender, 's0', 'r0');
    this.#link(sink, 'k0', 'r1');
    this.#route();
    const mac = this.#in(router, 'cat', '/sys/class/net/r0/address').trim();
    this.#mac = Buffer.from(mac.replaceAll(':', ''), 'hex');
  }

  #in(name: string, ...command: string[]): string {
    return run('ip', 'netns', 'exec', name, ...command);
  }

  #link(other: string, outer: string, inner: string): void {
    run(
      'ip',
      'link',
      'add',
      inner,
      'netns',
      this.#names.router,
      'type',
      'veth',
      'peer',
      'name',
      outer,
      'netns',
      other,
    );
    this.#in(other, 'ip', 'link', 'set', outer, 'up');
    this.#in(this.#names.router, 'ip', 'link', 'set', inner, 'up');
  }

  /** Whatever comes in at r0 goes out at r1, to a neighbour that need not answer. */
  #route(): void {
    const { router } = this.#names;
    const settings = [
      'ipv4.ip_forward=1',
      'ipv6.conf.all.forwarding=1',
      'ipv4.conf.all.rp_filter=0',
      'ipv4.conf.r0.rp_filter=0',
    ];
    for (const setting of settings) this.#in(router, 'sysctl', '-qw', `net.${setting}`);
    this.#in(router, 'ip', 'address', 'add', '198.18.1.1/24', 'dev', 'r1');
    this.#in(router, 'ip', '-6', 'address', 'add', '2001:db8:1::1/64', 'dev', 'r1', 'nodad');
    for (const [family, next] of [
      ['-4', '198.18.1.2'],
      ['-6', '2001:db8:1::2'],
    ] as const) {
      this.#in(
        router,
        'ip',
        family,
        'neigh',
        'add',
        next,
        'lladdr',
        '02:00:00:00:00:99',
        'dev',
        'r1',
        'nud',
        'permanent',
      );
      this.#in(router, 'ip', family, 'route', 'add', 'default', 'via', next, 'dev', 'r1');
    }
  }

  /** Loads rules as an operator does. @throws with the words of nft */
  load(rules: string): void {
    const file = join(this.#folder, 'rules.nft');
    writeFileSync(file, rules);
    this.#in(this.#names.router, 'nft', '-f', file);
  }

  /** What the kernel says that it runs. */
  listing(...options: readonly string[]): string {
    return this.#in(this.#names.router, 'nft', '--stateless', ...options, 'list', 'ruleset');
  }

  /** Sends packets and returns how many each counting rule of the table took, in order; every packet has to meet one. */
  send(packets: readonly Packet[]): number[] {
    const before = this.#counters();
    const file = join(this.#folder, 'packets.pcap');
    writeFileSync(file, captureOf(packets.map((packet) => frameOf(packet, this.#mac))));
    this.#in(this.#names.sender, 'tcpreplay', '--quiet', '--topspeed', '-i', 's0', file);
    return this.#settled(before, packets.length);
  }

  /** The kernel takes a moment; every packet meets one counting rule, the last of which counts what is dropped. */
  #settled(before: readonly number[], sent: number): number[] {
    for (let attempt = 0; ; attempt += 1) {
      const counts = this.#counters().map((count, index) => count - (before[index] ?? 0));
      if (attempt === 50 || counts.reduce((sum, count) => sum + count, 0) >= sent) return counts;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }

  #counters(): number[] {
    const text = this.#in(this.#names.router, 'nft', '-j', 'list', 'table', 'inet', 'wardline');
    const { nftables } = JSON.parse(text) as {
      nftables: { rule?: { expr: { counter?: { packets?: number } }[] } }[];
    };
    return nftables.flatMap(
      ({ rule }) =>
        rule?.expr.flatMap(({ counter }) => (counter?.packets === undefined ? [] : [counter.packets])) ?? [],
    );
  }

  close(): void {
    for (const name of Object.values(this.#names)) spawnSync('ip', ['netns', 'delete', name]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
