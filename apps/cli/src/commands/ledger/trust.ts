import { verifierText } from '@wardline/ledger';
import type { Command } from 'commander';
import { z } from 'zod';
import { sendJson, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { keyFrom } from './key.ts';
import { type Flags, withServer } from './server.ts';

export function addTrust(ledger: Command): void {
  withServer(
    ledger
      .command('trust')
      .summary('trust an outsider as a witness of the ledger')
      .argument('<key>', 'the witness’s public key, or a file with it')
      .option('--url <url>', 'where the witness takes heads; without it the witness asks for them')
      .requiredOption('--reason <text>', 'why'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline ledger trust auditor.key --url https://witness.auditor.example/ --reason "yearly audit"',
    )
    .action(runTrust);
}

async function runTrust(text: string, flags: Flags & { url?: string; reason: string }): Promise<void> {
  const key = verifierText(keyFrom(text, 'the key'));
  const body = { key, reason: flags.reason, ...(flags.url === undefined ? {} : { url: flags.url }) };
  const schema = z.object({ name: z.string() });
  const { name } = await sendJson(await serverAccess(flags), 'api/v1/ledger/witnesses', body, schema);
  await writeOut(flags.json ? `${JSON.stringify({ name })}\n` : `${name} is trusted as a witness.\n`);
}
