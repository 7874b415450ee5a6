import { describe, expect, it } from 'vitest';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { telnet } from './index.ts';

const negotiation: Step[] = [
  ['server', '\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01'],
  ['client', '\xff\xfb\x18\xff\xfc\x20\xff\xfd\x01'],
  ['server', '\xff\xfa\x18\x01\xff\xf0'],
  ['client', '\xff\xfa\x18\x00XTERM\xff\xf0'],
];
const attempt = (answer: string): Step[] => [
  ['client', 'zzmarkusex\x7fr\r\n'],
  ['server', 'zzmarkuser\r\nPassword: '],
  ['client', 'zzmarkpass\r\0'],
  ['server', answer],
];
const conversation: Step[] = [
  ...negotiation,
  ['server', 'ACME Ventilator 5 service port\r\n\r\nward3 login: '],
  ...attempt('\r\nLogin incorrect\r\nward3 login: '),
  ...attempt('\r\nLast failed login: yesterday for zzmarkuser\r\n\x1b[32mzzmarkuser@ward3\x1b[0m:~$ '),
  ['client', 'cat ZZMARK.txt\r\n'],
  ['server', 'ZZMARK^NAME\r\n$ '],
];
const credential = (outcome: string) =>
  `credential.cleartext server {"protocol":"telnet","field":"password","outcome":"${outcome}"}`;

it('tells the banner and what became of each login', () => {
  const said = runStream(telnet, conversation);
  expect(factLines(said)).toEqual([
    'telnet.server server {"banner":"ACME Ventilator 5 service port ward3 login:"}',
    credential('refused'),
    credential('accepted'),
  ]);
  expect(said).toMatchObject({ protection: 'clear', ended: true, malformed: {} });
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(telnet, conversation));
it('lets nothing out that was typed or shown behind the prompt', () =>
  expectNothingLeaks(runStream(telnet, conversation), 'zzmark'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(telnet, conversation);
  expectDamageHolds(telnet, conversation);
});

it('knows a default by what was typed, corrections included', () => {
  const known = [{ user: 'zzmarkuser', secret: 'zzmarkpass', label: 'ACME service' }];
  const said = runStream(telnet, conversation, { known });
  expect(said.sightings[1]?.facts).toMatchObject({ knownDefault: 'ACME service' });
});

describe('a password', () => {
  const start: Step[] = [...negotiation, ['server', 'box\r\nUsername: ']];
  const outcomes = (answer: string, more: Step[] = []) =>
    runStream(telnet, [...start, ...attempt(answer), ...more]).sightings.flatMap(
      ({ facts }) => facts.outcome ?? [],
    );

  it.each([
    ['\r\n% Login invalid\r\n\r\nUsername: ', 'refused'],
    ['\r\nPassword: ', 'refused'],
    ['\r\nLogin failed.\r\n', 'refused'],
    ['\r\nrouter>', 'accepted'],
    ['\r\n\x1b[1mC:\\>', 'accepted'],
    ['\r\nWelcome to the device\r\n', 'accepted'],
    ['\r\n', 'unknown'],
  ])('answered by %j is %s', (answer, outcome) => expect(outcomes(answer)).toEqual([outcome]));
});

it('takes the user name that the client’s environment gives, and no banner behind it', () => {
  const said = runStream(telnet, [
    ['server', '\xff\xfd\x27ACME\r\n\xff\xfa\x27\x01\xff\xf0'],
    ['client', '\xff\xfb\x27\xff\xfa\x27\x00\x00USER\x01zzmarkuser\xff\xf0'],
    ['server', 'Password for zzmarkuser: '],
    ['client', 'zzmarkpass\r\n'],
    ['server', '\r\n# '],
  ]);
  expect(said.sightings.at(-1)?.facts).toMatchObject({ outcome: 'accepted', userHash: expect.any(String) });
  expectNothingLeaks(said, 'zzmark');
});

describe('a shell without a login', () => {
  const open = (steps: Step[]) =>
    runStream(telnet, [...negotiation, ...steps]).sightings.some(
      ({ kind }) => kind === 'service.unauthenticated',
    );

  it('is told when it answers commands', () => {
    const steps: Step[] = [
      ['server', 'ACME\r\n# '],
      ['client', 'ls\r\n'],
      ['server', 'ls\r\na b\r\n# '],
    ];
    expect(open([...steps, ['client', 'exit\r\n']])).toBe(true);
  });
  it('is not told of one prompt, which may be a login in other words', () => {
    expect(
      open([
        ['server', 'Kod# '],
        ['client', '1234\r\n'],
        ['server', '\r\nbye\r\n'],
      ]),
    ).toBe(false);
  });
});

describe('recognition', () => {
  const recognised = (...steps: Step[]) => runStream(telnet, steps).recognised;
  it('takes a prompt without negotiation', () => {
    expect(recognised(['server', 'ACME pump\r\nlogin: '])).toBe('yes');
  });
  it('leaves other protocols alone', () => {
    expect(recognised(['server', '220 box FTP\r\n'])).toBe('no');
    expect(recognised(['client', 'GET / HTTP/1.1\r\n'])).toBe('no');
    expect(recognised(['client', '\x16\x03\x01\x02\x00\x01'])).toBe('no');
    expect(recognised(['server', '\xff\xfb\x90\x64 an audio frame'])).toBe('no');
  });
});

it('knows a client that negotiates first, however its commands are cut', () => {
  expectSameInAnySegmentation(telnet, [
    ['client', '\xff\xfb\x18\xff\xfc\x20\xff\xfd\x01'],
    ['server', 'ward printer\r\nlogin: '],
  ]);
});
