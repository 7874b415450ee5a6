import { signDocument } from '@wardline/updates';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Command } from 'commander';
import { writeDurably } from '../../enforcement/durable-file.ts';
import { type BinsTerms, draftBins } from '../../firmware/bins.ts';
import { describedDocument } from '../../firmware/described.ts';
import { type RootTerms, rootDraft, type TargetsTerms, targetsDraft } from '../../firmware/drafts.ts';
import { bytesFrom, makeKeyFile, signerFrom, writeOnce } from '../../firmware/key-file.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { collect, count, passphraseFrom } from './flags.ts';

interface Flags {
  json?: boolean;
  passphraseFile?: string;
  key?: string;
  out: string;
}

const example = (text: string): string => `\nExample:\n  ${text}`;
const PASSPHRASE = ['--passphrase-file <file>', 'its first line opens the key'] as const;
const JSON_OPTION = ['--json', 'print one JSON object and nothing else'] as const;

/** What is done over files, on a machine that no network reaches. */
export function addCeremony(firmware: Command): void {
  keyVerbs(firmware);
  draftVerbs(firmware);
  firmware
    .command('sign <documents...>')
    .summary('add a signature to documents; says what each of them says')
    .requiredOption('--key <file>', 'a private key')
    .option(...PASSPHRASE)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      example('wardline firmware sign 2.root.json --key alice.pem --passphrase-file alice.txt'),
    )
    .action(runSign);
  firmware
    .command('show <document>')
    .summary('tell what a document says, and who has signed it')
    .option(...JSON_OPTION)
    .addHelpText('after', example('wardline firmware show 2.root.json'))
    .action(async (file: string, flags: Flags) => say(flags, { says: describedDocument(bytesFrom(file)) }));
}

function keyVerbs(firmware: Command): void {
  firmware
    .command('key-make <file>')
    .summary('make a key for root or targets; the public half goes beside it')
    .option(...PASSPHRASE)
    .option(...JSON_OPTION)
    .addHelpText('after', example('wardline firmware key-make alice.pem --passphrase-file alice.txt'))
    .action(runKeyMake);
  firmware
    .command('group-make <file>')
    .summary(
      'make the key that opens the images of a group of devices; it goes onto the devices and nowhere else',
    )
    .option(...JSON_OPTION)
    .addHelpText('after', example('wardline firmware group-make icu-pumps.key'))
    .action(runGroupMake);
}

function draftVerbs(firmware: Command): void {
  firmware
    .command('root')
    .summary('draft who signs: the first root, or the one after another')
    .option('--after <document>', 'the root before it')
    .requiredOption('--root-key <file>', 'a public key of root; once for each', collect)
    .option('--threshold <number>', 'how many of them have to sign', count, 1)
    .requiredOption('--targets-key <file>', 'a public key of targets; once for each', collect)
    .option('--targets-threshold <number>', 'how many of them have to sign', count, 1)
    .requiredOption('--online-key <file>', 'a public key of the server; once for each', collect)
    .option('--days <number>', 'how long it is good', count, 365)
    .requiredOption('--out <file>', 'where to')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      example(
        'wardline firmware root --root-key alice.pem.pub.json --root-key bob.pem.pub.json --threshold 2 \\\n' +
          '    --targets-key biomed.pem.pub.json --online-key server.pub.json --out 1.root.json',
      ),
    )
    .action(runRoot);
  firmware
    .command('targets')
    .summary('draft which images there are: the first list, or the one after another')
    .option('--after <document>', 'the list before it')
    .option('--add <file>', 'what "firmware seal" wrote beside an image; once for each', collect, [])
    .option('--remove <path>', 'an image that is offered no more; once for each', collect, [])
    .option('--delegate <rule>', 'name=paths:public keys, as braun=braun/*/*:braun.pem.pub.json', collect, [])
    .option(
      '--bins <number>',
      'spread other images over so many lists, a power of two: see "firmware bins"',
      count,
    )
    .option('--bins-key <file>', 'a public key that signs those lists; once for each', collect, [])
    .option('--days <number>', 'how long it is good', count, 365)
    .requiredOption('--out <file>', 'where to')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      example(
        'wardline firmware targets --after 3.targets.json --add pump-2.1.age.json --out 4.targets.json',
      ),
    )
    .action(runTargets);
  firmware
    .command('bins <folder>')
    .summary('draft the lists over which images are spread: those that change, for very many images')
    .requiredOption('--targets <document>', 'the list at the top, drafted with --bins')
    .option('--add <file>', 'what "firmware seal" wrote beside an image; once for each', collect, [])
    .option('--remove <path>', 'an image that is offered no more; once for each', collect, [])
    .option('--all', 'each list anew, as when they run out')
    .option('--days <number>', 'how long they are good', count, 365)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      example(
        'wardline firmware targets --bins 256 --bins-key biomed.pem.pub.json --out 1.targets.json\n' +
          '  wardline firmware bins bins --targets 1.targets.json --add pump-2.1.age.json\n' +
          '  wardline firmware sign bins/*.json --key biomed.pem\n' +
          '  wardline firmware publish --targets 1.targets.json --bins bins --image pump-2.1.age --reason "first release"',
      ),
    )
    .action(runBins);
}

async function say(
  flags: Flags,
  { says, ...rest }: { says: readonly string[] } & Record<string, unknown>,
): Promise<void> {
  await writeOut([
    flags.json ? `${JSON.stringify({ ...rest, says })}\n` : `${says.map(printable).join('\n')}\n`,
  ]);
}

async function runKeyMake(file: string, flags: Flags): Promise<void> {
  const key = makeKeyFile(file, passphraseFrom(flags.passphraseFile));
  await say(flags, { says: [`Key ${key.id} in ${file}; hand round ${file}.pub.json.`] });
}

async function runGroupMake(file: string, flags: Flags): Promise<void> {
  const identity = await generateX25519Identity();
  writeOnce(file, `${identity}\n`, 0o600);
  await say(flags, {
    says: [`Images for these devices are sealed to ${await identityToRecipient(identity)}`],
  });
}

async function runRoot(flags: Flags & Omit<RootTerms, 'rootKeys'> & Record<string, never>): Promise<void> {
  const named = flags as unknown as { rootKey: string[]; targetsKey: string[]; onlineKey: string[] };
  const keys = { rootKeys: named.rootKey, targetsKeys: named.targetsKey, onlineKeys: named.onlineKey };
  await keep(flags, rootDraft({ ...flags, ...keys }, Date.now()));
}

async function runTargets(flags: Flags & TargetsTerms): Promise<void> {
  await keep(flags, targetsDraft(flags, Date.now()));
}

async function runBins(folder: string, flags: Flags & BinsTerms): Promise<void> {
  const { bins, drafted } = draftBins(folder, flags, Date.now());
  const held = [...drafted].filter(([, images]) => images > 0);
  await say(flags, {
    bins,
    drafted: Object.fromEntries(drafted),
    says: [
      `${counted(bins, 'list')}, ${drafted.size} of them drafted; they have to be signed.`,
      ...held.map(([name, images]) => `  ${name}: ${counted(images, 'image')}`),
    ],
  });
}

async function keep(flags: Flags, draft: Uint8Array): Promise<void> {
  writeDurably(userPath(flags.out), draft, 0o644);
  await say(flags, { says: describedDocument(draft) });
}

async function runSign(files: string[], flags: Flags): Promise<void> {
  const signer = signerFrom(flags.key!, passphraseFrom(flags.passphraseFile));
  const documents = files.map((file) => ({ file, bytes: bytesFrom(file) }));
  for (const { bytes } of documents) describedDocument(bytes);
  const says: string[] = [];
  for (const { file, bytes } of documents) {
    const signed = await signDocument(bytes, [signer]);
    // Signed before, and not changed since: nobody has to read it again.
    if (files.length > 1 && Buffer.from(signed).equals(bytes)) continue;
    writeDurably(userPath(file), signed, 0o644);
    says.push(...(files.length > 1 ? [file] : []), ...describedDocument(signed));
  }
  await say(flags, { says: says.length > 0 ? says : ['All of them were signed with this key before.'] });
}
