import { type Commitments, nothingOffered, type PurchaseDetails, purchaseSchema } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { serverVerb } from '../server-verb.ts';

const examples = `
Examples:
  wardline purchase add "Pump for bed 11" --vendor "B. Braun" --model IP-7 --software 3.2 --department "ICU 3" \\
    --purpose infusion --patch-days 45 --key-storage hardware --reason "the old one is worn out"
  wardline purchase change 6b1f… --update-years 8 --reason "second offer"
  wardline purchase decide 6b1f… conditional --condition "Patient data leave it encrypted|2027-03-01" --reason "best of three"
  wardline purchase condition 6b1f… 90ab… --met --reason "by version 3.3"

Exit codes: 0 done, 1 the server could not be asked or refused it, 2 bad usage.`;

const done = z.object({ done: z.literal(true) });
const at = (id: string, act = '') => `api/v1/purchases/${encodeURIComponent(id)}${act}`;

/** What persons say of products before they are bought. */
export function addPurchaseActs(noun: Command): void {
  offered(serverVerb(noun, 'add', 'ask for the assessment of a product', examples))
    .argument('<title>', 'what for')
    .requiredOption('--vendor <name>', 'who makes it')
    .requiredOption('--model <name>', 'which product')
    .action(runAdd);
  offered(serverVerb(noun, 'change', 'change what an offer says, until it is decided', examples))
    .argument('<id>', 'the assessment')
    .option('--title <text>', 'what for')
    .option('--vendor <name>', 'who makes it')
    .option('--model <name>', 'which product')
    .action(runChange);
  serverVerb(noun, 'decide', 'approve, approve under conditions, or reject', examples)
    .argument('<id>', 'the assessment')
    .argument('<decision>', 'approved, conditional or rejected')
    .option('--condition <text|day>', 'one for each, with a day behind a bar where there is one', gather, [])
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runDecide);
  serverVerb(noun, 'condition', 'say that a condition is met, or open again', examples)
    .argument('<id>', 'the assessment')
    .argument('<condition>', 'as purchase show --json names it')
    .option('--met', 'it is met')
    .option('--open', 'it is open again')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runCondition);
}

const gather = (one: string, before: string[]): string[] => [...before, one];

const offered = (verb: Command): Command =>
  verb
    .option('--software <version>', 'its software')
    .option('--department <name>', 'who asks for it')
    .option('--purpose <text>', 'what it is to be used for')
    .option('--patch-days <days>', 'days until a critical weakness is patched, by the offer')
    .option('--update-years <years>', 'years of security updates, by the offer')
    .option('--notice-days <days>', 'days of notice before support ends, by the offer')
    .option('--support-hours <hours>', 'hours until service answers, by the offer')
    .option('--key-storage <where>', 'hardware, software or unknown')
    .option('--signed-updates <answer>', 'yes, no or unknown')
    .option('--disclosure-programme <answer>', 'yes, no or unknown')
    .requiredOption('--reason <text>', 'goes into the ledger');

interface OfferFlags extends ServerFlags {
  title?: string;
  vendor?: string;
  model?: string;
  software?: string;
  department?: string;
  purpose?: string;
  patchDays?: string;
  updateYears?: string;
  noticeDays?: string;
  supportHours?: string;
  keyStorage?: string;
  signedUpdates?: string;
  disclosureProgramme?: string;
  reason: string;
}

/** What flags say, over what the offer said before. */
function detailsOf(before: PurchaseDetails, flags: OfferFlags): PurchaseDetails {
  const { commitments } = before;
  const said = (key: keyof OfferFlags, was: string): string => (flags[key] as string | undefined) ?? was;
  return {
    title: said('title', before.title),
    vendor: said('vendor', before.vendor),
    model: said('model', before.model),
    software: said('software', before.software),
    department: said('department', before.department),
    purpose: said('purpose', before.purpose),
    commitments: {
      patchDays: numberOf('--patch-days', flags.patchDays, commitments.patchDays),
      updateYears: numberOf('--update-years', flags.updateYears, commitments.updateYears),
      endOfSupportNoticeDays: numberOf('--notice-days', flags.noticeDays, commitments.endOfSupportNoticeDays),
      supportHours: numberOf('--support-hours', flags.supportHours, commitments.supportHours),
      // The server refuses what is none of its words, and says which there are.
      keyStorage: said('keyStorage', commitments.keyStorage) as Commitments['keyStorage'],
      signedUpdates: said('signedUpdates', commitments.signedUpdates) as Commitments['signedUpdates'],
      disclosureProgramme: said(
        'disclosureProgramme',
        commitments.disclosureProgramme,
      ) as Commitments['disclosureProgramme'],
    },
  };
}

function numberOf(flag: string, text: string | undefined, before: number | null): number | null {
  if (text === undefined) return before;
  if (!/^\d{1,5}$/.test(text)) throw new CommandError(`${flag} ${printable(text)}: expected a whole number`);
  return Number(text);
}

async function runAdd(title: string, flags: OfferFlags): Promise<void> {
  const body = { ...detailsOf(nothingOffered, { ...flags, title }), reason: flags.reason };
  const { id } = await sendJson(
    await serverAccess(flags),
    'api/v1/purchases',
    body,
    z.object({ id: z.string() }),
  );
  await writeOut([`${printable(`${title}: ${id}`)}\n`]);
}

async function runChange(id: string, flags: OfferFlags): Promise<void> {
  const access = await serverAccess(flags);
  const { details, revision } = await askFor(access, at(id), purchaseSchema);
  const body = { ...detailsOf(details, flags), revision, reason: flags.reason };
  await sendJson(access, at(id), body, done, 'PUT');
  await writeOut([`${printable(`${details.title} is changed.`)}\n`]);
}

type DecideFlags = ServerFlags & { condition: string[]; reason: string };

async function runDecide(id: string, decision: string, flags: DecideFlags): Promise<void> {
  const conditions = flags.condition.map((one) => {
    const [text = '', due = ''] = one.split('|').map((part) => part.trim());
    return { text, due: due === '' ? null : due };
  });
  const body = { decision, conditions, reason: flags.reason };
  await sendJson(await serverAccess(flags), at(id, '/decision'), body, done);
  await writeOut([`${printable(`${id}: ${decision}`)}\n`]);
}

type ConditionFlags = ServerFlags & { met?: boolean; open?: boolean; reason: string };

async function runCondition(id: string, condition: string, flags: ConditionFlags): Promise<void> {
  if ((flags.met === true) === (flags.open === true)) throw new CommandError('say either --met or --open');
  const met = flags.met === true;
  const path = at(id, `/conditions/${encodeURIComponent(condition)}`);
  await sendJson(await serverAccess(flags), path, { met, reason: flags.reason }, done);
  await writeOut([`The condition is ${met ? 'met' : 'open again'}.\n`]);
}
