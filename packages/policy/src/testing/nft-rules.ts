import fc from 'fast-check';

/** Rules as administrators write them, over the addresses and ports of the random packets. Each packet ends in one of two chains. */
const hosts4 = ['10.0.0.1', '10.0.0.2', '10.0.0.0/30', '10.0.1.1-10.0.1.255', '192.168.0.0/16', '8.8.8.8'];
const hosts6 = ['fd00::1', 'fd00::2', 'fd00:1::/64', '2001:db8::/32'];
const ports = ['22', '80-81', '104', '105-200', '65535'];

const several = (values: readonly string[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: 3 }).map((chosen) => `{ ${chosen.join(', ')} }`);
const negation = fc.constantFrom('', '', '!= ');
const joined = (parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(' '));
const one = fc.constantFrom;
/** Elements of anonymous sets must not overlap. */
const pairs = (left: readonly string[], right: readonly string[]) =>
  fc
    .uniqueArray(fc.tuple(one(...left), one(...right)), {
      minLength: 1,
      maxLength: 3,
      selector: ([first]) => first,
    })
    .map((chosen) => `{ ${chosen.map((pair) => pair.join(' . ')).join(', ')} }`);

const apart4 = ['10.0.0.1', '10.0.0.2', '10.0.1.0/24', '192.168.7.7'];
const apart6 = ['fd00::1', 'fd00::2', 'fd00:1::/64'];

const side = one('saddr', 'daddr');
const address4 = fc.oneof(
  joined([one('ip'), side, negation, fc.oneof(one(...hosts4), several(apart4), one('@hosts4'))]),
  joined([one('ip'), side, one('& 255.255.0.255 == 10.0.0.1', '& 255.255.255.1 != 10.0.0.1', '> 10.0.0.1')]),
);
const address6 = joined([
  one('ip6'),
  side,
  negation,
  fc.oneof(one(...hosts6), several(apart6), one('@hosts6')),
]);
const transport = (name: string) =>
  fc.oneof(
    joined([
      one(name),
      one('dport', 'dport', 'sport'),
      negation,
      fc.oneof(one(...ports), several(ports), one('@ports')),
    ]),
    joined([one(name), one('dport'), one('> 80', '< 104', '>= 105', '<= 22', '!= 80')]),
  );
const together4 = fc.oneof(
  joined([one('ip saddr . tcp dport'), negation, fc.oneof(pairs(apart4, ports), one('@pairs'))]),
  joined([
    one('ip saddr . ip daddr . udp dport'),
    negation,
    one('{ 10.0.0.1 . 10.0.1.1 . 80, 10.0.0.2 . 10.0.0.0/24 . 0-104 }'),
  ]),
  one('icmp type . icmp code { echo-request . 0 }', 'icmp type . icmp code { 8 . net-unreachable, 0 . 0 }'),
);
const beside = one(
  'meta nfproto ipv4',
  'meta nfproto != ipv6',
  'meta l4proto { tcp, 132 }',
  'ct state new',
  'ct state != { established, related }',
  'meta l4proto { tcp, udp } th dport 0-104',
);

const conditions = fc.oneof(
  fc.tuple(address4).map(([text]) => text),
  joined([
    address4,
    fc.oneof(transport('tcp'), transport('udp'), one('icmp type echo-request', 'icmp type != 8')),
  ]),
  joined([address6, fc.oneof(transport('tcp'), transport('udp'), one('icmpv6 type 128'))]),
  address6,
  transport('tcp'),
  transport('sctp'),
  together4,
  beside,
);

const verdicts = fc.oneof(
  one('goto yes', 'goto no', 'counter name "seen" goto yes', 'jump sub', 'meta mark set 5 goto no'),
);
const maps = one(
  'tcp dport vmap { 22 : goto yes, 80-104 : jump sub, * : goto no }',
  'ip saddr . tcp dport vmap @verdicts',
  'meta l4proto vmap { 17 : goto yes, 47 : goto no }',
  'ip daddr vmap { 10.0.0.0/24 : goto yes, 192.168.0.0/16 : continue }',
);

const rule = fc.oneof(
  { weight: 6, arbitrary: joined([conditions, verdicts]) },
  { weight: 1, arbitrary: maps },
);

const between = (rules: readonly string[]) => rules.map((text) => `    ${text}\n`).join('');

/** A whole ruleset. Sets stand below the rules that ask for them. */
export const nftRulesArbitrary: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(rule, { minLength: 1, maxLength: 8 }),
    fc.array(joined([conditions, one('goto yes', 'goto no', 'return')]), { maxLength: 3 }),
  )
  .map(
    ([forward, sub]) => `flush ruleset
table inet wardline {
  counter seen { }
  chain yes {
    counter accept
  }
  chain no {
    counter drop
  }
  chain sub {
${between(sub)}  }
  chain forward {
    type filter hook forward priority filter; policy drop;
${between(forward)}    goto no
  }
  set hosts4 {
    type ipv4_addr
    flags interval
    elements = { ${apart4.join(', ')} }
  }
  set hosts6 {
    type ipv6_addr
    flags interval
    elements = { ${apart6.join(', ')} }
  }
  set ports {
    type inet_service
    flags interval
    elements = { 22, 104-110 }
  }
  set pairs {
    typeof ip saddr . tcp dport
    flags interval
    elements = { 10.0.0.0/24 . 80-104 }
  }
  map verdicts {
    type ipv4_addr . inet_service : verdict
    flags interval
    elements = { 10.0.0.1 . 22 : goto yes, 192.168.0.0/16 . 0-200 : goto no }
  }
}
add element inet wardline pairs { 192.168.0.0/16 . 22 }
`,
  );
