import {
  type CertificateRow,
  certificateDetailSchema,
  certificateListResponse,
  certificateRevokedResponse,
  revocationWhys,
} from '@wardline/model';
import { type Command, Option } from 'commander';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted } from '../../terminal/units.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

const examples = `
Examples:
  wardline certificate list --state due
  wardline certificate list --asset mac-00096f0a0b0c
  wardline certificate show 0b6c…
  wardline certificate revoke 0b6c… --why key-compromise --reason "the pump was stolen"`;

/** What was issued, and revoking it. */
export function addCertificate(program: Command): void {
  const noun = program
    .command('certificate')
    .description('Certificates of devices, servers, gateways and people.')
    .addHelpText('after', examples);
  withServer(noun.command('list').summary('list certificates, those that end first first'))
    .option('--state <states>', 'valid, due, expired, revoked')
    .option('--zone <zones>', 'of these zones')
    .option('--asset <id>', 'of this asset')
    .option('--search <words>', 'words that all occur')
    .addHelpText('after', '\nExample:\n  wardline certificate list --state due')
    .action(runList);
  withServer(
    noun.command('show').summary('show one certificate').argument('<id>', 'of wardline certificate list'),
  )
    .option('--pem', 'print the certificate and its authority’s, and nothing else')
    .addHelpText('after', '\nExample:\n  wardline certificate show 0b6c… --pem')
    .action(runShow);
  withReason(
    noun
      .command('revoke')
      .summary('revoke a certificate, at once')
      .argument('<id>', 'of wardline certificate list'),
  )
    .addOption(
      new Option('--why <why>', 'as lists of revocation say it')
        .choices(revocationWhys)
        .default('unspecified'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  wardline certificate revoke 0b6c… --why key-compromise --reason "the pump was stolen"',
    )
    .action(runRevoke);
}

const columns = [
  { heading: 'Holder', value: (row: CertificateRow) => row.assetName ?? row.holder, least: 14 },
  { heading: 'Zone', value: (row: CertificateRow) => row.zone, least: 8 },
  { heading: 'For', value: (row: CertificateRow) => row.profile, least: 7 },
  { heading: 'State', value: (row: CertificateRow) => row.state, least: 8 },
  { heading: 'Until', value: (row: CertificateRow) => row.until.slice(0, 10), least: 10 },
  { heading: 'Key', value: (row: CertificateRow) => row.assurance, least: 8 },
  { heading: 'Id', value: (row: CertificateRow) => row.id, least: 8, rank: 1 },
];

interface ListFlags extends Flags {
  state?: string;
  zone?: string;
  asset?: string;
  search?: string;
}

async function runList(flags: ListFlags): Promise<void> {
  const { state, zone, asset, search: q } = flags;
  const query = new URLSearchParams(
    Object.entries({ state, zone, asset, q, limit: '500' }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    ),
  );
  const page = await askFor(
    await serverAccess(flags),
    `api/v1/certificates?${query.toString()}`,
    certificateListResponse,
  );
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const lines = tableLines(page.items, columns, process.stdout.columns ?? 120);
  return writeOut(`${[`${counted(page.total, 'certificate')}.`, ...lines].map(printable).join('\n')}\n`);
}

async function runShow(id: string, flags: Flags & { pem?: boolean }): Promise<void> {
  const path = `api/v1/certificates/${encodeURIComponent(id)}`;
  const found = await askFor(await serverAccess(flags), path, certificateDetailSchema);
  if (flags.pem) return writeOut(found.chain);
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  const revoked = found.revoked === null ? [] : [`Revoked ${found.revoked}: ${found.revokedWhy}`];
  const lines = [
    `${found.subject}, ${found.state}`,
    ...revoked,
    `Names       ${found.names.join(', ')}`,
    `Issuer      ${found.issuer}`,
    `Serial      ${found.serial}`,
    `Holds       ${found.from} to ${found.until}, renewed from ${found.renewAt}`,
    `Key         ${found.keyDigest} (${found.assurance})`,
    `Fingerprint ${found.fingerprint}`,
  ];
  return writeOut(`${lines.map(printable).join('\n')}\n`);
}

async function runRevoke(id: string, flags: Given & { why: string }): Promise<void> {
  const path = `api/v1/certificates/${encodeURIComponent(id)}/revocation`;
  const body = { why: flags.why, reason: flags.reason };
  const revoked = await sendJson(await serverAccess(flags), path, body, certificateRevokedResponse);
  await writeOut(
    flags.json
      ? `${JSON.stringify(revoked)}\n`
      : `${revoked.serial} is revoked; its list and its answer say so from now on.\n`,
  );
}
