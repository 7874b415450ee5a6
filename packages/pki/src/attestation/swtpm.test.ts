import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW } from '../testing/keys.ts';
import {
  appraiseBoot,
  type Challenge,
  endorsementIdentifier,
  judgeKey,
  judgeQuote,
  openActivation,
  parsePublicArea,
  type Randomness,
} from './index.ts';
import { BOUND, makeKey, makeLog, makeSignature, RESTRICTED } from './testing/made-evidence.ts';
import { hasSoftwareTpm, SoftwareTpm } from './testing/software-tpm.ts';
import { type Maker, makeMaker } from './testing/tpm-authority.ts';
import { sized, u32 } from './tpm/octets.ts';

// The same checks against a TPM that shares nothing with this code: swtpm, made and spoken to by tpm2-tools.

const randomness: Randomness = {
  bytes: (length) => randomBytes(length),
  ephemeral: (namedCurve) => generateKeyPairSync('ec', { namedCurve }),
};
const AK = 0x8101_0002;
const KEY = 0x8101_0003;
/** Where swtpm_setup leaves the one; the other is made from the template that the TCG names. */
const EK = { rsa: '0x81010001', ecc: 'ecc.ctx' } as const;
const bound = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign';
const handle = (of: number): string => `0x${of.toString(16)}`;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const fresh = (): Challenge => ({ value: randomBytes(32), expires: NOW + 60_000_000, spent: false });

describe.skipIf(!hasSoftwareTpm)('a TPM of swtpm', () => {
  let tpm: SoftwareTpm;
  let device: Buffer;
  let maker: Maker;

  beforeAll(async () => {
    maker = await makeMaker();
    tpm = await SoftwareTpm.start();
    await tpm.tool('readpublic', '-c', EK.rsa, '-o', 'rsa.pub');
    await tpm.tool('createek', '-c', EK.ecc, '-G', 'ecc', '-u', 'ecc.pub');
    await tpm.tool(
      'createak',
      '-C',
      EK.rsa,
      '-c',
      'ak.ctx',
      '-G',
      'ecc',
      '-s',
      'ecdsa',
      '-g',
      'sha256',
      '-u',
      'ak.pub',
      '-n',
      'ak.name',
    );
    await tpm.tool('createprimary', '-C', 'o', '-G', 'ecc', '-c', 'primary.ctx');
    await tpm.tool(
      'create',
      '-C',
      'primary.ctx',
      '-G',
      'ecc',
      '-a',
      bound,
      '-u',
      'key.pub',
      '-r',
      'key.priv',
      '-c',
      'key.ctx',
    );
    await tpm.tool('evictcontrol', '-c', 'ak.ctx', handle(AK));
    await tpm.tool('evictcontrol', '-c', 'key.ctx', handle(KEY));
    device = Buffer.from(endorsementIdentifier(parsePublicArea(tpm.inside('rsa.pub'))!));
  });
  afterAll(() => tpm?.close());

  const pins = () => ({ roots: [maker.root], isRevoked: () => false });
  const vouched = (ek: 'rsa' | 'ecc') =>
    maker.issue({ spki: parsePublicArea(tpm.inside(`${ek}.pub`))!.spki, profile: 'ek', subject: 'TPM' });
  const offer = (ekCertificate: Uint8Array, ekPublic = tpm.inside('rsa.pub')) => ({
    ekPublic,
    ekCertificate,
    intermediates: [],
    akPublic: tpm.inside('ak.pub'),
  });

  /** The whole way of trust: the maker's certificate, a secret sealed to both keys, and the TPM that opens it. */
  async function activated(ek: 'rsa' | 'ecc') {
    const opening = openActivation(
      offer(await vouched(ek), tpm.inside(`${ek}.pub`)),
      pins(),
      randomness,
      NOW,
    );
    if ('fault' in opening) throw new Error(opening.fault);
    const { blob, seed } = opening.credential;
    tpm.write('credential', Buffer.concat([u32(0xbadcc0de), u32(1), sized(blob), sized(seed)]));
    await tpm.tool('startauthsession', '--policy-session', '-S', 'session.ctx');
    await tpm.tool('policysecret', '-S', 'session.ctx', '-c', 'e');
    await tpm.tool(
      'activatecredential',
      '-c',
      handle(AK),
      '-C',
      EK[ek],
      '-i',
      'credential',
      '-o',
      'answer',
      '-P',
      'session:session.ctx',
    );
    await tpm.tool('flushcontext', 'session.ctx');
    return { by: 'activation' as const, activation: opening.activation, answer: tpm.file('answer') };
  }

  const evidence = async (challenge: Challenge, key = KEY, by = AK) => ({
    akPublic: tpm.inside('ak.pub'),
    keyPublic: tpm.inside('key.pub'),
    ...(await tpm.certify(key, by, challenge.value)),
  });

  it('opens what was sealed to its endorsement key and proves a key of its own', async () => {
    const trust = await activated('rsa');
    const challenge = fresh();
    const requestKey = parsePublicArea(tpm.inside('key.pub'))!.spki;
    const expectation = { challenge, trust, requestKey, orderedDevice: device, at: NOW };
    expect(parsePublicArea(tpm.inside('ak.pub'))!.name).toEqual(tpm.file('ak.name'));
    expect(judgeKey(await evidence(challenge), expectation)).toMatchObject({ proved: true });

    const stale = await evidence(fresh());
    expect(judgeKey(stale, expectation)).toMatchObject({ check: 'challenge' });
    const other = await evidence(challenge, AK);
    expect(judgeKey(other, expectation)).toMatchObject({ check: 'key-attributes' });
    expect(
      judgeKey(await evidence(challenge), { ...expectation, orderedDevice: Buffer.from('ek:sha256:00') }),
    ).toMatchObject({ check: 'same-key-and-device' });
    expect(
      judgeKey(await evidence(challenge), { ...expectation, requestKey: makeKey(BOUND).spki }),
    ).toMatchObject({ check: 'same-key-and-device' });
    const foreign = makeKey(BOUND | RESTRICTED);
    const { certifyInfo, ...rest } = await evidence(challenge);
    const forged = {
      ...rest,
      certifyInfo,
      akPublic: foreign.area,
      signature: makeSignature(foreign, certifyInfo),
    };
    expect(judgeKey(forged, expectation)).toMatchObject({ check: 'ak-trust' });
  });

  it('opens what was sealed to its endorsement key on a curve', async () => {
    const { activation, answer } = await activated('ecc');
    expect(answer).toEqual(activation.secret);
  });

  it('is refused where its endorsement key is not the one of the certificate, or its maker is not pinned', async () => {
    const opened = async (ek: 'rsa' | 'ecc', changes = {}) =>
      openActivation(offer(await vouched(ek)), { ...pins(), ...changes }, randomness, NOW);
    expect(await opened('rsa')).toHaveProperty('credential');
    expect(await opened('ecc')).toHaveProperty('fault');
    expect(await opened('rsa', { roots: [] })).toHaveProperty('fault');
    expect(await opened('rsa', { isRevoked: () => true })).toHaveProperty('fault');
    const asAk = await maker.issue({ spki: parsePublicArea(tpm.inside('rsa.pub'))!.spki });
    expect(openActivation(offer(asAk), pins(), randomness, NOW)).toHaveProperty('fault');
  });

  it('is refused where tpm2_certify gave its own words along, and where an unrestricted key signed', async () => {
    const requestKey = parsePublicArea(tpm.inside('key.pub'))!.spki;
    const challenge = fresh();
    const enrolled = (name: string) => ({
      by: 'enrolment' as const,
      akName: parsePublicArea(tpm.inside(name))!.name,
      devices: [device],
    });
    const expectation = { challenge, requestKey, orderedDevice: device, at: NOW, trust: enrolled('ak.pub') };
    await tpm.tool(
      'certify',
      '-c',
      handle(KEY),
      '-C',
      handle(AK),
      '-g',
      'sha256',
      '-o',
      'certify.out',
      '-s',
      'certify.sig',
    );
    const ready = {
      akPublic: tpm.inside('ak.pub'),
      keyPublic: tpm.inside('key.pub'),
      certifyInfo: tpm.file('certify.out'),
      signature: tpm.file('certify.sig'),
    };
    expect(judgeKey(ready, expectation)).toMatchObject({ check: 'challenge' });
    // The ordinary key signs whatever it is given, a statement that no TPM made among it.
    const { certifyInfo } = await evidence(challenge);
    tpm.write('forged', certifyInfo);
    await tpm.tool('sign', '-c', handle(KEY), '-g', 'sha256', '-s', 'ecdsa', '-o', 'forged.sig', 'forged');
    const forged = {
      akPublic: tpm.inside('key.pub'),
      keyPublic: tpm.inside('key.pub'),
      certifyInfo,
      signature: tpm.file('forged.sig'),
    };
    expect(judgeKey(forged, { ...expectation, trust: enrolled('key.pub') })).toMatchObject({
      check: 'ak-attributes',
    });
  });

  it('quotes its boot, which is replayed from the log that tpm2_eventlog reads the same way', async () => {
    const events = [
      { pcr: 0, type: 8, data: Buffer.from('firmware 2.4.1') },
      { pcr: 4, type: 0xd, data: Buffer.from('loader') },
      { pcr: 4, type: 0xd, data: Buffer.from('kernel') },
    ];
    const log = makeLog(events);
    tpm.write('log', log);
    for (const { pcr, data } of events)
      await tpm.tool('pcrextend', `${pcr}:sha256=${createHash('sha256').update(data).digest('hex')}`);
    const challenge = fresh();
    await tpm.tool(
      'quote',
      '-c',
      handle(AK),
      '-l',
      'sha256:0,4',
      '-q',
      hex(challenge.value),
      '-m',
      'quoted',
      '-s',
      'signature',
      '-o',
      'pcrs',
      '-F',
      'values',
      '-g',
      'sha256',
    );
    const pcrs = new Map([
      [0, tpm.file('pcrs').subarray(0, 32)],
      [4, tpm.file('pcrs').subarray(32)],
    ]);
    const quote = {
      akPublic: tpm.inside('ak.pub'),
      quoted: tpm.file('quoted'),
      signature: tpm.file('signature'),
      pcrs,
    };
    const trust = { by: 'enrolment' as const, akName: tpm.file('ak.name'), devices: [] };
    const expectation = { challenge, trust, bank: 'sha256' as const, pcrs: [0, 4], before: null, at: NOW };
    const reference = {
      bank: 'sha256' as const,
      pcrs: new Map([[0, { by: 'value' as const, values: [hex(pcrs.get(0)!)] }]]),
    };
    expect(appraiseBoot({ signedClaim: false, quote, log }, expectation, reference)).toMatchObject({
      grade: 3,
      status: 'affirmed',
    });
    const said = await tpm.tool('eventlog', 'log');
    for (const value of pcrs.values()) expect(said.toLowerCase()).toContain(hex(value));
    const edited = makeLog([...events.slice(0, 2), { pcr: 4, type: 0xd, data: Buffer.from('rootkit') }]);
    expect(appraiseBoot({ signedClaim: false, quote, log: edited }, expectation, reference)).toMatchObject({
      grade: 2,
      status: 'contradicted',
    });
    expect(judgeQuote(quote, { ...expectation, challenge: fresh() })).toMatchObject({ check: 'challenge' });
  });
});
