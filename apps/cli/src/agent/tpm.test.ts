import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Agent,
  anyExchange,
  anyStreamed,
  type Exchange,
  folderDisk,
  tpmKeeper,
  tpmName,
} from '@wardline/agent';
import type { BootAppraisal, BootList } from '@wardline/model';
import { fromPem } from '@wardline/pki';
import { type MadeEvent, makeLog } from '@wardline/pki/testing/made-evidence';
import { hasSoftwareTpm, SoftwareTpm } from '@wardline/pki/testing/software-tpm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificatesOf, identityServer, orderBy, waitingAt } from '../testing/identity-server.ts';
import { wardline } from '../testing/run.ts';
import { TpmMaker } from '../testing/tpm-maker.ts';

// The agent with its keys in a TPM of swtpm: enrolled, shown in handshakes by OpenSSL, and proved to the real server.

const reason = 'a test';

/** OpenSSL reaches keys in a TPM through a provider of its own. */
const hasProvider = globSync('/usr/lib/*/ossl-modules/tpm2.so').length > 0;

describe.skipIf(!hasSoftwareTpm || !hasProvider)('keys in a TPM', () => {
  let server: Awaited<ReturnType<typeof identityServer>>;
  let tpm: SoftwareTpm;
  let maker: TpmMaker;
  let ekCertificate: string;
  let name: string;

  beforeAll(async () => {
    server = await identityServer('127.0.0.5');
    tpm = await SoftwareTpm.start();
    maker = new TpmMaker(tpm.folder, 'good');
    await tpm.tool('createek', '-c', 'ek.ctx', '-G', 'rsa', '-f', 'pem', '-u', 'ek.pem');
    ekCertificate = maker.vouchFor('ek.pem');
    name = await tpmName(
      tpm.tcti,
      fromPem(readFileSync(ekCertificate, 'utf8'), 'CERTIFICATE').map((der) => Buffer.from(der)),
    );
  });
  afterAll(async () => {
    tpm?.close();
    await server?.close();
  });

  const newFolder = () => mkdtempSync(join(server.folder, 'device-'));
  const started = (folder: string, exchange: Exchange = anyExchange, certificate = ekCertificate): Agent => {
    const disk = folderDisk(folder);
    return new Agent({
      disk,
      keeper: tpmKeeper({ disk, tcti: tpm.tcti, ekCertificate: certificate }),
      exchange,
      clock: () => Date.now() * 1000,
      elapsed: () => Math.round(performance.now() * 1000),
    });
  };
  const order = (code: string) => orderBy(server, code);
  const certificates = (asset: string) => certificatesOf(server, asset);
  const waiting = () => waitingAt(server);

  it('is claimed only, and waits where the order names it, as long as nobody pinned its maker', async () => {
    const [folder, asset] = [newFolder(), server.assets[0]!];
    expect(await started(folder).enrol(order(await server.code(asset)))).toMatchObject({
      state: 'certified',
    });
    expect(started(folder).status().key).toMatchObject({ kind: 'tpm', assurance: 'hardware-claimed' });
    expect(await certificates(asset)).toMatchObject([{ assurance: 'software' }]);
    const named = newFolder();
    const outcome = await started(named).enrol(order(await server.code(asset, { tpm: name })));
    expect(outcome).toMatchObject({ state: 'waiting' });
    expect(started(named).status().asked!.unproved).toContain('No maker of TPMs is pinned');
    const [asked] = await waiting();
    expect(asked!.misfits).toEqual([
      `The order names the TPM ${name}, and it is not proved that the key lies in it.`,
    ]);
    await server.ask(`enrolments/${asked!.id}/refusal`, { reason });
    expect(await started(named).round()).toMatchObject({ state: 'refused' });
  });

  it('proves its key to the server, shows it in handshakes, renews with a proof, and leaves nothing behind', async () => {
    const [folder, asset] = [newFolder(), server.assets[1]!];
    const pinned = await server.ask('makers', {
      kind: 'tpms',
      vendor: 'Good TPMs',
      certificate: maker.certificate,
      reason,
    });
    expect(pinned.status).toBe(200);
    const before = await tpm.tool('getcap', 'handles-persistent');
    expect(await started(folder).enrol(order(await server.code(asset, { tpm: name })))).toMatchObject({
      state: 'certified',
    });
    expect(started(folder).status().key.assurance).toBe('hardware-proved');
    expect(await started(folder).round({ force: true })).toMatchObject({ state: 'certified', renewed: true });
    const mine = await certificates(asset);
    expect(mine.map(({ state, assurance }) => `${state} ${assurance}`).toSorted()).toEqual([
      'revoked hardware-proved',
      'valid hardware-proved',
    ]);
    // One place in the TPM for one key; the attestation key and the key before are gone.
    const after = (await tpm.tool('getcap', 'handles-persistent'))
      .split('\n')
      .filter((line) => !before.includes(line));
    expect(after.filter((line) => line.trim() !== '')).toHaveLength(1);
    const sealed = await started(folder).seal(Buffer.from('morphine'), 'drugs');
    expect((await started(folder).unseal(sealed, 'drugs')).toString()).toBe('morphine');
  });

  it('is not believed with a stale question, for another TPM, by another maker, or with another key', async () => {
    const asset = server.assets[2]!;
    const refusedBy = async (tpmOfOrder: string, exchange: Exchange, certificate = ekCertificate) => {
      const folder = newFolder();
      await started(folder, exchange, certificate).enrol(
        order(await server.code(asset, { tpm: tpmOfOrder })),
      );
      const why = started(folder).status().asked!.unproved;
      for (const { id } of await waiting()) await server.ask(`enrolments/${id}/refusal`, { reason });
      await started(folder).round();
      return why;
    };
    expect(await refusedBy('ek:sha256:00', anyExchange)).toContain('another device than the order');
    const said: string[] = [];
    const twice: Exchange = async (ask) => {
      const answer = await anyExchange(ask);
      if (!ask.path.endsWith('/answer')) return answer;
      said.push(answer.body.toString(), (await anyExchange(ask)).body.toString());
      return answer;
    };
    const folder = newFolder();
    await started(folder, twice).enrol(order(await server.code(asset, { tpm: name })));
    expect(said).toEqual([
      expect.stringContaining('hardware-proved'),
      expect.stringContaining('was answered before'),
    ]);
    const other = new TpmMaker(tpm.folder, 'other').vouchFor('ek.pem');
    expect(await refusedBy(name, anyExchange, other)).toContain('No pinned maker of TPMs vouches');
    const changed =
      (change: (body: Record<string, string>) => void, of: string): Exchange =>
      (ask) => {
        if (!ask.path.endsWith(of)) return anyExchange(ask);
        const body = JSON.parse(String(ask.body)) as Record<string, string>;
        change(body);
        return anyExchange({ ...ask, body: JSON.stringify(body) });
      };
    const otherKey = changed((body) => (body.keyPublic = body.akPublic!), '/question');
    expect(await refusedBy(name, otherKey)).toContain('key-attributes');
    const wrongSecret = changed((body) => (body.secret = Buffer.alloc(32).toString('base64')), '/answer');
    expect(await refusedBy(name, wrongSecret)).toContain('ak-trust');
  });

  describe('what was booted', () => {
    const good: MadeEvent[] = [
      { pcr: 0, type: 8, data: Buffer.from('firmware 2.4.1') },
      { pcr: 4, type: 0xd, data: Buffer.from('loader') },
    ];
    const evil = { pcr: 4, type: 0xd, data: Buffer.from('rootkit') };
    const measure = async (events: readonly MadeEvent[]) => {
      for (const { pcr, data } of events)
        await tpm.tool('pcrextend', `${pcr}:sha256=${createHash('sha256').update(data).digest('hex')}`);
    };
    const logOf = (events: readonly MadeEvent[]) => Buffer.from(makeLog(events));
    const boots = async () =>
      (await server.ask<{ items: BootAppraisal[] }>(`assets/${server.assets[1]!}/boots`)).body.items;
    const changed = async () =>
      (
        await server.ask<{ items: { rule: string }[] }>(`findings?asset=${server.assets[1]!}`)
      ).body.items.filter(({ rule }) => rule === 'boot-changed');
    let folder: string;

    beforeAll(async () => {
      folder = newFolder();
      await started(folder).enrol(order(await server.code(server.assets[1]!, { tpm: name })));
      await server.query(
        `update asset set vendor = 'Good', model = 'Pump', software = '2.4.1' where id = $1`,
        [server.assets[1]!],
      );
      await measure(good);
    });

    it('is unknown until a person says that it is good, then affirmed, and a changed loader is a finding', async () => {
      expect(await started(folder).attest(logOf(good))).toEqual({ status: 'unknown', grade: 2 });
      expect(await started(folder).attest(null)).toEqual({ status: 'unknown', grade: 2 });
      const first = (await boots()).at(-1)!;
      const said = { appraisal: first.id, pcrs: [0, 4, 7], reason };
      expect((await server.ask('boots/references', said)).status).toBe(200);
      expect(await started(folder).attest(logOf(good))).toEqual({ status: 'affirmed', grade: 3 });
      await server.query(`update asset set software = '2.4.2' where id = $1`, [server.assets[1]!]);
      expect(await started(folder).attest(logOf(good))).toEqual({ status: 'unknown', grade: 2 });
      await server.query(`update asset set software = '2.4.1' where id = $1`, [server.assets[1]!]);
      expect(await changed()).toEqual([]);
      await measure([evil]);
      expect(await started(folder).attest(logOf([...good, evil]))).toEqual({
        status: 'contradicted',
        grade: 3,
      });
      expect((await boots())[0]!.differences).toMatchObject([{ kind: 'unknown-event', pcr: 4, index: 2 }]);
      expect((await server.ask<BootList>('boots')).body).toMatchObject({
        items: [{ asset: server.assets[1]!, status: 'contradicted' }],
        references: [{ vendor: 'Good', model: 'Pump', software: '2.4.1', pcrs: [0, 4, 7] }],
      });
      expect(await changed()).toMatchObject([{ severity: 'critical', harms: ['patient', 'operations'] }]);
    });

    it('stays contradicted when less is shown, until a good boot is shown or a person knows better', async () => {
      // The log is left out: what was measured cannot be told from its values alone.
      expect(await started(folder).attest(null)).toEqual({ status: 'unknown', grade: 2 });
      expect(await changed()).toHaveLength(1);
      const reference = (await server.ask<BootList>('boots')).body.references[0]!.id;
      await server.ask(`boots/references/${reference}/removal`, { reason });
      expect(await started(folder).attest(null)).toEqual({ status: 'unknown', grade: 2 });
      expect(await changed()).toHaveLength(1);
      expect(await started(folder).attest(logOf([...good, evil]))).toEqual({ status: 'unknown', grade: 2 });
      const [shown] = await boots();
      await server.ask('boots/references', { appraisal: shown!.id, pcrs: [0, 4, 7], reason });
      expect(await started(folder).attest(logOf([...good, evil]))).toEqual({ status: 'affirmed', grade: 3 });
      expect(await changed()).toEqual([]);
    });

    it('is not believed with an edited log, an old quote, or the quote of another TPM', async () => {
      expect(await started(folder).attest(logOf(good))).toEqual({ status: 'contradicted', grade: 2 });
      expect((await boots())[0]!.refused).toMatchObject([{ what: 'log' }]);
      const old: string[] = [];
      const replayed: Exchange = async (ask) => {
        if (!ask.path.endsWith('/boot/answer')) return anyExchange(ask);
        old.push(String(ask.body));
        const { id } = JSON.parse(String(ask.body)) as { id: string };
        const body = JSON.stringify({ ...(JSON.parse(old[0]!) as object), id });
        return anyExchange({ ...ask, body });
      };
      await started(folder, replayed).attest(null);
      expect(await started(folder, replayed).attest(null)).toEqual({ status: 'contradicted', grade: 0 });
      expect((await boots())[0]!.refused).toMatchObject([{ what: 'quote' }]);
      const foreign = await SoftwareTpm.start();
      try {
        await foreign.tool('createek', '-c', 'ek.ctx', '-G', 'rsa', '-f', 'pem', '-u', 'ek.pem');
        const certificate = maker.vouchFor(join(foreign.folder, 'ek.pem'));
        const disk = folderDisk(folder);
        const own = tpmKeeper({ disk, tcti: tpm.tcti, ekCertificate });
        const { quote } = tpmKeeper({ disk, tcti: foreign.tcti, ekCertificate: certificate });
        const thief = new Agent({
          disk,
          keeper: { ...own, protection: own.protection, quote: quote! },
          exchange: anyExchange,
          clock: () => Date.now() * 1000,
          elapsed: () => 0,
        });
        await expect(thief.attest(null)).rejects.toThrow('another TPM');
      } finally {
        foreign.close();
        maker.vouchFor('ek.pem');
      }
    });
  });

  it('fetches with a key in the TPM what is larger than memory', async () => {
    const folder = newFolder();
    await started(folder).enrol(order(await server.code(server.assets[2]!)));
    const ask = async (path: string) => {
      const { server: to, as, judge } = await started(folder).link();
      const { status, body } = await anyStreamed({
        server: to,
        as,
        judge,
        method: 'GET',
        path: `/device/v1/${path}`,
      });
      const parts: Uint8Array[] = [];
      for await (const part of body) parts.push(part);
      return { status, text: Buffer.concat(parts).toString() };
    };
    expect(await ask('firmware/instruction')).toEqual({ status: 204, text: '' });
    const missing = await ask('firmware/metadata/timestamp.json');
    expect([missing.status, JSON.parse(missing.text)]).toMatchObject([404, { status: 404 }]);
  });

  it('is spoken to by its program', async () => {
    const folder = newFolder();
    const at = (file: string) => join(server.folder, file);
    const given = ['--folder', folder, '--tcti', tpm.tcti, '--ek-certificate', ekCertificate];
    const agent = (verb: string, ...args: string[]) => wardline(['agent', verb, ...args, ...given]);
    expect((await agent('tpm')).stdout).toBe(`${name}\n`);
    const asset = server.assets[3]!;
    writeFileSync(at('code'), await server.code(asset, { tpm: name }));
    const to = [
      '--server',
      server.devicePort,
      '--root',
      server.root,
      '--server-fingerprint',
      server.serverFingerprint,
    ];
    const enrolled = await agent('enrol', ...to, '--code-file', at('code'), '--tpm');
    expect(enrolled).toMatchObject({ code: 0, stderr: '' });
    // It knows by itself where its keys lie.
    expect((await agent('renew')).stdout).toBe('It has a certificate that the server takes.\n');
    const status = await wardline(['agent', 'status', '--folder', folder]);
    expect(status.stdout).toContain('in a TPM 2.0 (hardware-proved)');
    await tpm.tool('clear', '-c', 'p');
    expect(await agent('renew')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no longer lies in the TPM'),
    });
  });
});
