import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, anyExchange, type Exchange, folderDisk, tpmKeeper, tpmName } from '@wardline/agent';
import type { CertificateRow, EnrolmentRow } from '@wardline/model';
import { fromPem } from '@wardline/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityServer } from '../testing/identity-server.ts';
import { wardline } from '../testing/run.ts';
import { hasSoftwareTpm, startSoftwareTpm, TpmMaker } from '../testing/software-tpm.ts';

// The agent with its keys in a TPM of swtpm: enrolled, shown in handshakes by OpenSSL, and proved to the real server.

const reason = 'a test';

describe.skipIf(!hasSoftwareTpm)('keys in a TPM', () => {
  let server: Awaited<ReturnType<typeof identityServer>>;
  let tpm: Awaited<ReturnType<typeof startSoftwareTpm>>;
  let maker: TpmMaker;
  let ekCertificate: string;
  let name: string;

  beforeAll(async () => {
    server = await identityServer('127.0.0.5');
    tpm = await startSoftwareTpm(join(server.folder, 'tpm'));
    maker = new TpmMaker(join(server.folder, 'tpm'), 'good');
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
  const order = (code: string) => ({
    server: server.devicePort,
    root: server.root,
    serverFingerprint: server.serverFingerprint.replaceAll(':', '').toLowerCase(),
    serverAuthorities: [],
    way: { by: 'code' as const, code },
    again: false,
  });
  const certificates = async (asset: string) =>
    (await server.ask<{ items: CertificateRow[] }>(`certificates?asset=${asset}`)).body.items;
  const waiting = async () =>
    (await server.ask<{ items: EnrolmentRow[] }>('enrolments?state=waiting')).body.items;

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
    const other = new TpmMaker(join(server.folder, 'tpm'), 'other').vouchFor('ek.pem');
    expect(await refusedBy(name, anyExchange, other)).toContain('No pinned maker of TPMs vouches');
    const changed =
      (change: (body: Record<string, string>) => void, of: string): Exchange =>
      (ask) => {
        if (!ask.path.endsWith(of)) return anyExchange(ask);
        const body = JSON.parse(ask.body!) as Record<string, string>;
        change(body);
        return anyExchange({ ...ask, body: JSON.stringify(body) });
      };
    const otherKey = changed((body) => (body.keyPublic = body.akPublic!), '/question');
    expect(await refusedBy(name, otherKey)).toContain('key-attributes');
    const wrongSecret = changed((body) => (body.secret = Buffer.alloc(32).toString('base64')), '/answer');
    expect(await refusedBy(name, wrongSecret)).toContain('ak-trust');
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
