import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { BootList, Trust } from '@wardline/model';
import {
  type Authority,
  fromPem,
  issueRoot,
  issueZone,
  keyDigestOf,
  keySigner,
  parseCertificate,
  parseRequest,
  signList,
  signRequest,
  toPem,
} from '@wardline/pki';
import { type Calls, reason, type Stage } from './stage.ts';

const scope = {
  organization: 'Wardline General',
  zone: 'icu',
  domain: 'icu.devices.hospital.example',
  mailDomain: null,
};
const moment = () => ({ at: Date.now() * 1000, random: randomBytes(16) });
const newSigner = () => keySigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);

async function newRoot(): Promise<Authority> {
  const signer = newSigner();
  const read = parseCertificate(await issueRoot(signer, scope.organization, 20, moment()));
  if (!read.ok) throw new Error(read.refused.message);
  return { signer, certificate: read.value };
}

const roots = new WeakMap<Stage, Promise<Authority>>();
function rootOf(stage: Stage): Promise<Authority> {
  const root = roots.get(stage) ?? newRoot();
  roots.set(stage, root);
  return root;
}

const request = ({ server }: Stage): Promise<Response> =>
  server.post('trust/authorities', { ...scope, reason });
const authorities = async ({ server }: Stage) => (await server.get<Trust>('trust')).authorities;

async function install(stage: Stage): Promise<Response> {
  const body = stage.kept.get('signed authority') ?? (await signed(stage));
  stage.kept.set('signed authority', body);
  const answer = await stage.server.post('trust/authorities/certificate', JSON.parse(body));
  if (answer.ok) stage.kept.delete('signed authority');
  return answer;
}

/** What the root signs of a request that was made for it. */
async function signed(stage: Stage): Promise<string> {
  const root = await rootOf(stage);
  const { request: pem } = (await (await request(stage)).json()) as { request: string };
  const read = parseRequest(fromPem(pem, 'CERTIFICATE REQUEST')[0]!);
  if (!read.ok) throw new Error(read.refused.message);
  const order = { key: read.value.publicKey, scope, days: 1825, list: null };
  const certificate = toPem('CERTIFICATE', await issueZone(root, order, moment()));
  return JSON.stringify({ certificate, root: toPem('CERTIFICATE', root.certificate.der), reason });
}

/** Each list has the next number, as ceremonies make them. */
async function publish(stage: Stage): Promise<Response> {
  if (!(await authorities(stage)).some(({ root }) => root !== null)) await install(stage);
  const root = await rootOf(stage);
  const number = Number(stage.kept.get('root list') ?? '0') + 1;
  stage.kept.set('root list', String(number));
  const at = Date.now() * 1000;
  const times = { thisUpdate: at - 60_000_000, nextUpdate: at + 86_400_000_000 };
  const list = toPem('X509 CRL', await signList(root, { number, ...times, revoked: [] }));
  return stage.server.post('trust/roots/list', { list, reason });
}

async function withdraw(stage: Stage): Promise<Response> {
  const issuing = async () => (await authorities(stage)).find(({ state }) => state === 'issuing');
  if ((await issuing()) === undefined) await install(stage);
  return stage.server.post(`trust/authorities/${(await issuing())!.id}/withdrawal`, { reason });
}

/** An enrolment that waits, as a device with a certificate of its maker leaves it. */
async function waiting({ client }: Stage): Promise<string> {
  const { rows } = await client.query("select id from enrolment where state = 'waiting'");
  const [found] = rows as { id: string }[];
  if (found !== undefined) return found.id;
  const signer = newSigner();
  const [id, der] = [randomUUID(), Buffer.from(await signRequest(signer))];
  await client.query(
    `insert into enrolment (id, state, way, profile, assurance, key_digest, request, asked, last_asked)
     values ($1, 'waiting', 'manufacturer', 'device', 'software', $2, $3, 0, 0)`,
    [id, keyDigestOf(signer.publicKey.spki), der],
  );
  return id;
}

async function approve(stage: Stage): Promise<Response> {
  if (!(await authorities(stage)).some(({ state }) => state === 'issuing')) await install(stage);
  const asset = stage.assets[0]!.id;
  return stage.server.post(`enrolments/${await waiting(stage)}/approval`, { asset, zone: 'icu', reason });
}

async function refuse(stage: Stage): Promise<Response> {
  return stage.server.post(`enrolments/${await waiting(stage)}/refusal`, { reason });
}

async function revoke(stage: Stage): Promise<Response> {
  const valid = async () =>
    (await stage.server.get<{ items: { id: string }[] }>('certificates?state=valid')).items[0];
  if ((await valid()) === undefined) await approve(stage);
  return stage.server.post(`certificates/${(await valid())!.id}/revocation`, {
    why: 'out-of-service',
    reason,
  });
}

const code = ({ server, assets }: Stage): Promise<Response> =>
  server.post('enrolments/codes', { asset: assets[0]!.id, reason });

/** Another root each time, for what is pinned is pinned once; the same while it is not. */
async function addMaker(stage: Stage): Promise<Response> {
  const pem = stage.kept.get('maker') ?? toPem('CERTIFICATE', (await newRoot()).certificate.der);
  stage.kept.set('maker', pem);
  const answer = await stage.server.post('makers', { vendor: 'Acme', certificate: pem, reason });
  if (answer.ok) stage.kept.delete('maker');
  return answer;
}

async function removeMaker(stage: Stage): Promise<Response> {
  const makers = async () => (await stage.server.get<{ items: { id: string }[] }>('makers')).items;
  if ((await makers()).length === 0) await addMaker(stage);
  return stage.server.post(`makers/${(await makers())[0]!.id}/removal`, { reason });
}

const APPRAISAL = '6f0c2a58-3a9f-4f0e-8a53-0d6c1b7a9e11';

/** What a device would have shown of its boot, with a quote that holds. */
async function addBootReference({ client, server, assets }: Stage): Promise<Response> {
  await client.query(
    `insert into boot_appraisal (id, asset, at, heard, tpm, grade, status, refused, differences, secure_boot, rebooted, clock, pcrs,
      events, reference, vendor, model, software)
    values ($1, $2, 1, 1, '', 2, 'unknown', '[]', '[]', null, false, null, $3, '{}', null, 'Good', 'Pump', '1.0')
    on conflict do nothing`,
    [APPRAISAL, assets[0]!.id, JSON.stringify({ 0: 'ab'.repeat(32) })],
  );
  return server.post('boots/references', { appraisal: APPRAISAL, pcrs: [0], reason });
}

async function removeBootReference(stage: Stage): Promise<Response> {
  const known = async () => (await stage.server.get<BootList>('boots')).references;
  if ((await known()).length === 0) await addBootReference(stage);
  return stage.server.post(`boots/references/${(await known())[0]!.id}/removal`, { reason });
}

/** Each network has another name than the one before. */
async function addNetwork(stage: Stage): Promise<Response> {
  const domains = (await authorities(stage)).filter(({ state }) => state === 'issuing');
  if (domains.length === 0) await install(stage);
  const next = Number(stage.kept.get('networks') ?? '0') + 1;
  stage.kept.set('networks', String(next));
  const servers = [`radius.${scope.domain}`];
  return stage.server.post('supplicants/networks', {
    name: `ward ${next}`,
    medium: 'wired',
    servers,
    reason,
  });
}

async function removeNetwork(stage: Stage): Promise<Response> {
  const held = async () =>
    (await stage.server.get<{ items: { id: string }[] }>('supplicants/networks')).items;
  if ((await held()).length === 0) await addNetwork(stage);
  return stage.server.post(`supplicants/networks/${(await held())[0]!.id}/removal`, { reason });
}

export const identityCalls: Calls = {
  'boot.reference-add': addBootReference,
  'boot.reference-remove': removeBootReference,
  'supplicant.add': addNetwork,
  'supplicant.remove': removeNetwork,
  'authority.request': request,
  'authority.install': install,
  'enrolment.approve': approve,
  'enrolment.refuse': refuse,
  'enrolment.code': code,
  'certificate.revoke': revoke,
  'authority.publish': publish,
  'authority.withdraw': withdraw,
  'maker.add': addMaker,
  'maker.remove': removeMaker,
};
