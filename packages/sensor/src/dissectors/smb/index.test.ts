import { describe, expect, it } from 'vitest';
import { allDamage } from '../../testing/damage.ts';
import { bytes } from '../../testing/frames.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import { framed, le16, le32, ntlmChallenge, ntlmProof, smb2 } from '../../testing/smb-message.ts';
import { smb } from './index.ts';

const MORE = 0xc0000016;
const NEGOTIATE = 0;
const SETUP = 1;

const offered = smb2(
  NEGOTIATE,
  false,
  bytes(le16(36), le16(2), le16(1), new Uint8Array(30), le16(0x0202), le16(0x0311)),
);
const agreed = smb2(
  NEGOTIATE,
  true,
  bytes(le16(65), le16(3), le16(0x0311), new Uint8Array(50), le16(128), le16(0), le32(0)),
);

function setupRequest(token: Uint8Array): Uint8Array {
  return smb2(
    SETUP,
    false,
    bytes(le16(25), 0, 1, new Uint8Array(8), le16(88), le16(token.length), new Uint8Array(8), token),
  );
}

function setupResponse(flags: number, token: Uint8Array, status = 0): Uint8Array {
  return smb2(SETUP, true, bytes(le16(9), le16(flags), le16(72), le16(token.length), token), status);
}

function signIn(user: string, proof: string, flags = 0): Step[] {
  return [
    ['client', offered],
    ['server', agreed],
    ['client', setupRequest(bytes('NTLMSSP\0', le32(1), new Uint8Array(28)))],
    ['server', setupResponse(0, ntlmChallenge('PACS-1', 'CLINIC'), MORE)],
    ['client', setupRequest(ntlmProof(user, 'CT-CONSOLE', proof))],
    ['server', setupResponse(flags, bytes())],
  ];
}

function openness(steps: readonly Step[]) {
  const { sightings } = runStream(smb, steps);
  return sightings
    .filter(({ kind }) => kind === 'service.unauthenticated')
    .map(({ facts }) => facts.operation);
}

describe('smb', () => {
  it('learns both computers from NTLM, and the dialect and signing from the negotiation', () => {
    const run = runStream(smb, signIn('house', 'proof'));
    const hosts = run.sightings.filter(({ kind }) => kind === 'smb.host').map(({ facts }) => facts);
    expect(hosts).toContainEqual({
      role: 'server',
      dialect: 'SMB 3.1.1',
      signing: 'required',
      hostname: 'PACS-1',
      domain: 'CLINIC',
      os: 'Windows 10.0.19041',
    });
    expect(hosts).toContainEqual({
      role: 'client',
      signing: 'enabled',
      hostname: 'CT-CONSOLE',
      os: 'Windows 10.0.19041',
    });
    expect(run.protection).toBe('clear');
    expect(JSON.stringify(run)).not.toContain('house');
  });

  it('states guest and anonymous sessions that were accepted, and no other', () => {
    expect(openness(signIn('house', 'proof'))).toEqual([]);
    expect(openness(signIn('house', 'proof', 1))).toEqual(['guest session']);
    expect(openness(signIn('', ''))).toEqual(['anonymous session']);
    const refused = [
      ...signIn('', '').slice(0, 5),
      ['server', setupResponse(0, bytes(), 0xc0000022)],
    ] as Step[];
    expect(openness(refused)).toEqual([]);
  });

  it('says encrypted where the session or a message is', () => {
    expect(runStream(smb, signIn('house', 'proof', 4)).protection).toBe('encrypted');
    const transform: Step = ['client', framed(bytes(0xfd, 'SMB', new Uint8Array(60)))];
    const run = runStream(smb, [...signIn('house', 'proof'), transform]);
    expect(run).toMatchObject({ protection: 'encrypted', ended: true });
  });

  it('says the same of every segmentation', () => {
    const steps = signIn('', '');
    const whole = runStream(smb, steps);
    for (let seed = 1; seed < 25; seed++)
      expect(runStream(smb, steps, { seed, longest: 7 * seed })).toEqual(whole);
  });

  it('does not read what is written and skips it', () => {
    const write = smb2(9, false, bytes(new Uint8Array(60_000), 'PATIENT'));
    const run = runStream(smb, [...signIn('house', 'proof'), ['client', write], ['client', offered]]);
    expect([run.malformed, run.ended]).toEqual([{}, false]);
  });

  it('does not take other protocols', () => {
    for (const other of [
      '\x00\x00\x00\x20GET / HTTP/1.1',
      '\x81\x00\x00\x44ABC'.padEnd(80, 'x'),
      'SSH-2.0-x\r\n',
    ]) {
      expect(runStream(smb, [['client', other]]).recognised).toBe('no');
    }
  });

  it('takes any damage', () => {
    const steps = signIn('', '');
    for (const [at, [from, content]] of steps.entries()) {
      for (const damaged of allDamage(content as Uint8Array)) {
        runStream(smb, [...steps.slice(0, at), [from, damaged]], { force: true });
      }
    }
  });
});

describe('smb 1', () => {
  function smb1(command: number, reply: boolean, words: Uint8Array, data: Uint8Array): Uint8Array {
    const head = bytes(0xff, 'SMB', command, le32(0), reply ? 0x80 : 0, le16(0), new Uint8Array(20));
    return framed(bytes(head, words.length / 2, words, le16(data.length), data));
  }

  const negotiate: Step[] = [
    ['client', smb1(0x72, false, bytes(), bytes(2, 'LANMAN1.0', 0, 2, 'NT LM 0.12', 0))],
    ['server', smb1(0x72, true, bytes(le16(1), 1, new Uint8Array(31)), bytes())],
  ];
  const words = bytes(new Uint8Array(14), le16(5), le16(0), new Uint8Array(8));
  const setup: Step = ['client', smb1(0x73, false, words, bytes('h0use', 'house\0CLINIC\0DOS 6\0LAN\0'))];

  it('names the dialect that was agreed and the native operating system', () => {
    const { sightings } = runStream(smb, [...negotiate, setup]);
    const hosts = sightings.filter(({ kind }) => kind === 'smb.host').map(({ facts }) => facts);
    expect(hosts).toContainEqual({ role: 'server', dialect: 'SMB 1 (NT LM 0.12)', signing: 'disabled' });
    expect(hosts).toContainEqual({ role: 'client', os: 'DOS 6' });
  });

  it('reports a password only where the server asked for it in clear', () => {
    const answer: Step = ['server', smb1(0x73, true, bytes(le16(255), le16(0), le16(0)), bytes('OS\0'))];
    const run = runStream(smb, [...negotiate, setup, answer]);
    const credential = run.sightings.find(({ kind }) => kind === 'credential.cleartext');
    expect(credential?.facts).toMatchObject({ protocol: 'smb', field: 'SessionSetup', outcome: 'accepted' });
    expect(JSON.stringify(run)).not.toMatch(/h0use|house/);
    const challenged: Step = ['server', smb1(0x72, true, bytes(le16(1), 3, new Uint8Array(31)), bytes())];
    const proved = runStream(smb, [negotiate[0]!, challenged, setup, answer]);
    expect(proved.sightings.some(({ kind }) => kind === 'credential.cleartext')).toBe(false);
  });

  it('learns names from a NetBIOS session request', () => {
    const encode = (name: string, suffix: number) =>
      bytes(
        32,
        ...Array.from(bytes(name.padEnd(15), suffix), (b) => bytes(65 + (b >>> 4), 65 + (b & 15))),
        0,
      );
    const request = bytes(0x81, 0, 0, 68, encode('PACS-1', 0x20), encode('CT-CONSOLE', 0));
    const run = runStream(smb, [['client', request], ['server', bytes(0x82, 0, 0, 0)], ...negotiate]);
    const text = JSON.stringify(run.sightings);
    expect(text).toContain('PACS-1');
    expect(text).toContain('CT-CONSOLE');
  });
});
