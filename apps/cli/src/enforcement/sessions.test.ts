import { describePacket } from '@wardline/policy';
import { expect, it } from 'vitest';
import { trialSeconds } from '../commands/policy/enforcing.ts';
import { LONGEST_TRIAL_SECONDS, SHORTEST_TRIAL_SECONDS } from './limits.ts';
import { sessionsOf } from './sessions.ts';

const lines = [
  'ipv4     2 tcp      6 431999 ESTABLISHED src=10.91.1.2 dst=10.91.2.2 sport=40000 dport=104 src=10.91.2.2 dst=10.91.1.2 sport=104 dport=40000 [ASSURED] mark=0 use=1',
  'ipv4     2 udp      17 29 src=10.1.1.1 dst=192.0.2.9 sport=5000 dport=53 [UNREPLIED] src=10.9.9.9 dst=10.1.1.1 sport=5353 dport=5000 mark=0 use=1',
  'ipv6     10 icmpv6   58 29 src=fd00:0000:0000:0000:0000:0000:0000:0001 dst=fd00:0000:0000:0000:0000:0000:0000:0002 type=128 code=0 id=7 src=fd00:0000:0000:0000:0000:0000:0000:0002 dst=fd00:0000:0000:0000:0000:0000:0000:0001 type=129 code=0 id=7 mark=0 use=1',
];

it('reads each session as the packet that opened it, with the server that truly answers', () => {
  expect(
    sessionsOf(`${lines.join('\n')}\nsomething else\n`).map(({ packet }) => describePacket(packet)),
  ).toEqual([
    'tcp 10.91.1.2:40000 → 10.91.2.2:104',
    'udp 10.1.1.1:5000 → 10.9.9.9:5353',
    'icmpv6 type 128 code 0 fd00::1 → fd00::2',
  ]);
  expect(sessionsOf(lines[0]!)[0]!.filter.join(' ')).toBe(
    '-f ipv4 -p 6 -s 10.91.1.2 -d 10.91.2.2 --sport 40000 --dport 104',
  );
  for (let length = 0; length < lines[0]!.length; length += 1)
    for (const { packet } of sessionsOf(lines[0]!.slice(0, length)))
      expect(packet.destinationPort).toBeLessThan(105n);
});

it('takes a time for a trial within its bounds and no other', () => {
  expect(trialSeconds('90')).toBe(90);
  expect(trialSeconds('2m')).toBe(120);
  for (const seconds of [SHORTEST_TRIAL_SECONDS, LONGEST_TRIAL_SECONDS])
    expect(trialSeconds(`${seconds}s`)).toBe(seconds);
  for (const text of [
    `${SHORTEST_TRIAL_SECONDS - 1}s`,
    `${LONGEST_TRIAL_SECONDS + 1}s`,
    '',
    '1h',
    '-5s',
    '5.5s',
  ])
    expect(() => trialSeconds(text)).toThrow('--confirm-within');
});
