import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { decidingLine, type Ruleset } from '../../ruleset.ts';
import { parseAddress } from '../../space/addresses.ts';
import { canRoute } from '../../testing/router.ts';
import { readNftables } from './index.ts';

const gateway = `#!/usr/sbin/nft -f
define LAN = { 10.0.0.0/8, 172.16.0.0/12 }
define PACS = 10.20.0.5
define WEB = { 80, 443 }
flush ruleset
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "wan*" masquerade
    ip daddr 10.9.9.9 tcp dport 80 dnat to 10.1.1.1:8080
  }
}
table inet filter {
  set blocked {
    type ipv4_addr . inet_service
    elements = { 10.0.0.1 . 22 }
  }
  set admins {
    typeof ip saddr
    elements = { 10.7.0.1, 10.7.0.2 }
  }
  map services {
    type inet_service : verdict
    elements = { 22 : jump administration, 104 : accept }
  }
  chain administration {
    ip saddr @admins accept
    drop
  }
  chain from_guests {
    ip daddr 10.0.0.0/8 drop
    tcp dport $WEB accept
  }
  chain forward {
    type filter hook forward priority filter - 5; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    tcp flags syn / fin,syn,rst,ack tcp option maxseg size set rt mtu
    iifname { "guest0", "guest1" } jump from_guests
    ip saddr { 192.168.5.5, $LAN } ip daddr $PACS tcp dport vmap @services
    ip saddr 10.8.0.0/16 udp dport 161 limit rate over 10/second burst 5 packets drop
    ip6 nexthdr icmpv6 icmpv6 type { echo-request, nd-neighbor-solicit } accept
  }
}
add rule inet filter forward ip saddr 10.66.0.0/16 counter accept
insert rule inet filter forward ip saddr 10.66.6.6 drop
`;

function forward(text: string): Ruleset {
  const result = readNftables(text);
  if ('fault' in result) throw new Error(`${result.fault.line}: ${result.fault.message}`);
  return result.rulesets[0]!;
}

function verdict(source: string, destination: string, port: bigint, protocol = 6n): string {
  const list = forward(gateway);
  const [from, to] = [parseAddress(source)!, parseAddress(destination)!];
  const line = decidingLine(list, {
    family: from.family,
    source: from.value,
    destination: to.value,
    protocol,
    destinationPort: port,
    sourcePort: 50_000n,
    established: 0n,
  });
  return `${line?.action ?? list.otherwise} ${line?.line ?? 'default'}`;
}

describe('a ruleset as an administrator keeps it', () => {
  it('is read with its variables, maps of verdicts, translation beside it, and rules that are added', () => {
    expect(verdict('10.7.0.2', '10.20.0.5', 22n)).toBe('permit 27');
    expect(verdict('10.3.0.2', '10.20.0.5', 22n)).toBe('deny 28');
    expect(verdict('192.168.5.5', '10.20.0.5', 104n)).toBe('permit 39');
    expect(verdict('192.168.5.6', '10.20.0.5', 104n)).toBe('deny default');
    expect(verdict('10.66.6.6', '10.1.1.1', 9n)).toBe('deny 45');
    expect(verdict('10.66.6.7', '10.1.1.1', 9n)).toBe('permit 44');
  });

  it('counts a chain that is reached under a condition where it accepts, never where it drops, and says so', () => {
    // Line 32 accepts, and its drop before it is not certain to be reached.
    expect(verdict('203.0.113.1', '10.1.1.1', 443n)).toBe('permit 32');
    const told = forward(gateway).unmodelled.map(({ line, what }) => `${line} ${what}`);
    expect(told.toSorted()).toEqual([
      '31 iifname',
      '32 iifname',
      '38 iifname',
      '40 limit rate over 10/second',
    ]);
  });

  it.skipIf(!canRoute)('is one that nft takes', () => {
    const { stderr, status } = spawnSync('unshare', ['-n', 'nft', '-c', '-f', '-'], {
      input: gateway,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it.each([
    ['table inet f {\n chain c {\n  tcp dport $GONE accept\n }\n}', 3, 'the variable GONE is not defined'],
    ['include "other.nft"', 1, 'other files are not read'],
    ['add rule inet f c accept', 1, 'there is no table f'],
    ['table inet f {\n chain c {\n  tcp dport vmap @gone\n }\n}', 3, 'the map gone is not declared'],
    [
      'table inet f {\n set s { type ipv4_addr . inet_service; }\n chain c {\n  ip saddr @s accept\n }\n}',
      4,
      'has elements of 2 parts, and 1 are asked for',
    ],
    [
      'table inet f {\n set s { type ipv4_addr; }\n chain c {\n  ip6 saddr @s accept\n }\n}',
      4,
      'holds ipv4 values, and ip6 saddr is asked for',
    ],
    [
      'table inet f {\n set s { type mark; }\n chain c {\n  tcp dport @s accept\n }\n}',
      4,
      'a type that is not read',
    ],
    [
      'table inet f {\n chain c {\n  type filter hook forward priority 0; policy maybe;\n }\n}',
      3,
      'expected accept or drop',
    ],
    ['table inet f {\n chain c {\n  ct state wonderful accept\n }\n}', 3, 'no state that is known'],
    ['table inet f {\n chain c {\n  ct state @s accept\n }\n}', 3, 'no state that is known'],
    ['table inet f {\n chain c {\n  @th,16,16 80 accept\n }\n}', 3, 'a condition or a verdict'],
    ['table inet f {\n chain c {\n  xt match "conntrack" accept\n }\n}', 3, 'a condition or a verdict'],
    ['table inet f {\n chain c {\n  ip saddr fd00::1 accept\n }\n}', 3, 'of the other family'],
    [
      'table inet f {\n chain c {\n  ip saddr & 0.0.255.255 == 0.0.0.1 & 1 accept\n }\n}',
      3,
      'a condition or a verdict',
    ],
    ['table inet f {\n chain c {\n  accept drop\n }\n}', 3, 'the end of the rule'],
    [
      'table inet f {\n set s { type ipv4_addr; }\n}\ndelete element inet f s { 10.0.0.1 }',
      4,
      'deleting a element',
    ],
    ['table inet f { }\nflush rules inet f', 2, 'to flush a rules is not known'],
    [
      'table inet f {\n chain c {\n  frobnicate accept\n }\n}',
      3,
      'a condition or a verdict that is known here',
    ],
  ])('is refused with the line: %s', (text, line, message) => {
    const result = readNftables(text);
    expect('fault' in result && result.fault).toEqual({ line, message: expect.stringContaining(message) });
  });

  it('ends in lists or a located fault wherever it is cut off', () => {
    for (let end = 0; end < gateway.length; end += 1) {
      const cut = gateway.slice(0, end);
      const result = readNftables(cut);
      if ('fault' in result) expect(result.fault.line).toBeLessThanOrEqual(cut.split('\n').length);
    }
  });

  it('counts a set that rules or time fill for nothing that is certain, whatever its flags say', () => {
    const text = `table inet f {
  set a {
    type ipv4_addr
    flags timeout
    elements = { 10.0.0.1 }
  }
  set b {
    type ipv4_addr
  }
  chain c {
    type filter hook forward priority 0; policy accept;
    ip saddr @a drop
    ip daddr @b accept
    tcp dport 22 add @b { ip saddr } accept
  }
}
`;
    const list = forward(text);
    expect(list.lines.filter(({ family }) => family === 4).map(({ line, action }) => [line, action])).toEqual(
      [
        [13, 'permit'],
        [14, 'permit'],
      ],
    );
    expect(list.unmodelled).toEqual([
      { line: 12, what: 'a set whose members come and go' },
      { line: 13, what: 'a set whose members come and go' },
      { line: 14, what: 'add @b' },
    ]);
  });

  it('has what no element of a map names in its last place, also where elements only jump or are beyond the model', () => {
    const text = `table ip f {
  chain sub { }
  chain c {
    type filter hook forward priority 0; policy accept;
    tcp dport vmap { 22 : jump sub, 23 : continue, * : drop }
    iifname vmap { "eth0" : jump sub, * : accept }
  }
}
`;
    const list = forward(text);
    expect(list.lines.map(({ line, action }) => [line, action])).toEqual([
      [5, 'deny'],
      [6, 'permit'],
    ]);
    expect(list.lines[0]!.boxes).toEqual([
      {
        protocol: [{ first: 6n, last: 6n }],
        destinationPort: [
          { first: 0n, last: 21n },
          { first: 24n, last: 65_535n },
        ],
      },
    ]);
  });

  it('knows ports behind "th" where the rule names protocols that have some, and else says what it does not know', () => {
    const rule = (text: string) =>
      forward(
        `table ip f {\n chain c {\n  type filter hook forward priority 0; policy drop;\n  ${text}\n }\n}\n`,
      );
    expect(rule('meta l4proto { tcp, udp } th dport 53 accept').unmodelled).toEqual([]);
    const { lines, unmodelled } = rule('th dport 53 accept');
    expect(lines[0]!.boxes).toHaveLength(2);
    expect(unmodelled).toEqual([{ line: 4, what: 'bytes of protocols that have no ports' }]);
  });

  it('tells what else may stop a packet, leaves out what sleeps, and counts what is handed to a program', () => {
    const text = `table bridge b {
  chain c { type filter hook forward priority 0; policy drop; }
}
table ip raw {
  chain early {
    type filter hook prerouting priority raw; policy accept;
    ip saddr 192.0.2.0/24 drop
  }
}
table ip asleep {
  flags dormant
  chain c {
    type filter hook forward priority 0; policy drop;
  }
}
table ip f {
  chain c {
    type filter hook forward priority 0; policy drop;
    udp dport 53 queue num 1-3 bypass
  }
}
`;
    const result = readNftables(text);
    const lists = 'fault' in result ? [] : result.rulesets;
    expect(lists.map(({ name, lines }) => [name, lines.map(({ action }) => action)])).toEqual([
      ['ip f c', ['permit']],
    ]);
    expect(lists[0]?.unmodelled).toEqual([
      { line: 1, what: 'the table bridge b, which filters frames' },
      { line: 5, what: 'the chain early in the hook prerouting, which drops too' },
      { line: 19, what: 'queue, where another program decides' },
    ]);
  });

  it('refuses variables that grow without end', () => {
    const grown = Array.from(
      { length: 40 },
      (_, index) => `define V${index + 1} = { $V${index}, $V${index} }`,
    );
    const result = readNftables(`define V0 = { 10.0.0.1, 10.0.0.2 }\n${grown.join('\n')}\n`);
    expect('fault' in result && result.fault.message).toContain('variables make more than');
  });
});
