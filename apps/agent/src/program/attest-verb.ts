import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { AgentError } from '../agent-error.ts';
import type { BootVerdict } from '../network/boot-client.ts';
import { type FolderFlags, idleAgent } from './settings.ts';

/** Where Linux keeps what the firmware wrote (TCG PFP §10). */
const LOG = '/sys/kernel/security/tpm0/binary_bios_measurements';
const LOG_BYTES = 1024 * 1024;

type Flags = FolderFlags & { json?: boolean; log: string };

const words: Readonly<Record<BootVerdict['status'], string>> = {
  affirmed: 'What was booted is known to be good.',
  unknown: 'Nothing speaks against what was booted; there is not enough to say that it is good.',
  contradicted: 'What was booted is not what is known to be good, or what was shown of it is not believed.',
};

/** Shows what the device booted. */
export function addAttestVerb(
  program: Command,
  inFolder: (command: Command) => Command,
  said: (act: (flags: Flags) => Promise<void>) => (flags: Flags) => Promise<void>,
): void {
  inFolder(program.command('attest').summary('show the server what was booted, by the quote of the TPM'))
    .option(
      '--log <file>',
      'the log of measurements, as the firmware wrote it; where there is none, the quote alone',
      LOG,
    )
    .addHelpText(
      'after',
      '\nEnds with 1 where the server does not believe what was shown, or knows that something else is good.\n\nExample:\n  wardline-agent attest',
    )
    .action(
      said(async (flags) => {
        const verdict = await idleAgent(flags).attest(logFrom(flags.log));
        process.stdout.write(
          `${flags.json ? JSON.stringify(verdict) : `${words[verdict.status]} Grade ${verdict.grade} of 3.`}\n`,
        );
        if (verdict.status === 'contradicted') process.exitCode = 1;
      }),
    );
}

function logFrom(file: string): Buffer | null {
  if (!existsSync(file)) return null;
  const log = readFileSync(file);
  if (log.length > LOG_BYTES)
    throw new AgentError('settings', `${file} has ${log.length} bytes; at most ${LOG_BYTES} are sent`);
  return log;
}
