import { expect, it, test } from 'vitest';
import { allDamage } from '../../testing/damage.ts';
import { bytes } from '../../testing/frames.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import { le16, le32, smb2, utf16 } from '../../testing/smb-message.ts';
import { smb } from './index.ts';
import { smb2Uses } from './use.ts';

const setInfo = (kind: number) => smb2(17, false, bytes(le16(33), 1, kind, new Uint8Array(40)));
const create = (disposition: number, options: number, name = 'report.txt') =>
  smb2(
    5,
    false,
    bytes(
      le16(57),
      new Uint8Array(34),
      le32(disposition),
      le32(options),
      le16(120),
      le16(name.length * 2),
      le32(0),
      le32(0),
      utf16(name),
    ),
  );
const connect = (path: string) =>
  smb2(3, false, bytes(le16(9), le16(0), le16(72), le16(path.length * 2), utf16(path)));

test.each<[string, Uint8Array, string[]]>([
  ['a read', smb2(8, false, new Uint8Array(48)), ['read']],
  ['a write that is longer than what is looked at', smb2(9, false, new Uint8Array(60_000)), ['write']],
  ['a rename', setInfo(10), ['rename']],
  ['a deletion', setInfo(13), ['delete']],
  ['other settings', setInfo(4), []],
  ['a new file', create(2, 0), ['create']],
  ['a file that is opened', create(1, 0), []],
  ['a file that goes when it is closed', create(1, 0x1000), ['delete']],
  ['the pipe of services', create(1, 0, 'svcctl'), ['service-control']],
  ['a share of administration', connect('\\\\srv\\ADMIN$'), ['admin-share']],
  ['a share of files', connect('\\\\srv\\reports'), []],
  ['an answer', smb2(8, true, new Uint8Array(48)), []],
])('%s', (_, message, expected) => {
  const steps: Step[] = [
    ['client', smb2(0, false, new Uint8Array(40))],
    ['client', message],
  ];
  const uses = runStream(smb, steps).sightings.filter(({ kind }) => kind === 'smb.use');
  expect(uses.map(({ facts }) => facts.operation)).toEqual(expected);
  expect(JSON.stringify(uses)).not.toContain('report');
});

it('holds when cut off or damaged anywhere', () => {
  const message = create(2, 0).subarray(4);
  for (let length = 0; length < message.length; length += 1) smb2Uses(message.subarray(0, length));
  for (const damaged of allDamage(message)) smb2Uses(damaged);
});
