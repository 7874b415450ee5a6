import { snmpHashes } from '@wardline/model';
import { type Command, Option } from 'commander';
import { withReason, withServer } from '../access/asking.ts';
import { runAdopt, runChanged } from './adopt.ts';
import { runList, runShow, runWork } from './look.ts';
import { runCancel, runRemove, runRotate } from './rotate.ts';
import { runCheckOut, runReturn } from './use.ts';

const examples = `
Examples:
  wardline secret work
  wardline secret adopt a-7c1f service --kind ssh-password --address 10.20.0.7 --host-key SHA256:… --value-file now.txt --reason "delivered with 1234"
  wardline secret rotate 3f2c… --opens 2026-12-01T02:00+01:00 --closes 2026-12-01T04:00+01:00 --reason "default password"
  wardline secret check-out 3f2c… --minutes 60 --reason "filter change on ward 3"
  wardline secret return 3f2c…

A secret is named by its id, or by device and account as in "Pump 12/service". It is read from a file or from standard input, never from the
command line. Nothing is sent to a device but by an order, and only within its window.`;

/** Secrets of accounts on devices. */
export function addSecret(program: Command): void {
  const noun = program
    .command('secret')
    .description('Secrets of accounts on devices: kept, taken out, changed.')
    .addHelpText('after', examples);
  addLooks(noun);
  addUses(noun);
  addKeeping(noun);
}

const verb = (noun: Command, name: string, summary: string, example: string): Command =>
  noun.command(name).summary(summary).addHelpText('after', `\nExample:\n  wardline secret ${example}`);

function addLooks(noun: Command): void {
  withServer(
    verb(noun, 'list', 'list secrets: who holds one, what is due; never a secret', 'list --need order'),
  )
    .option('--need <need>', 'only those that need something: order, held, due or stuck')
    .option('--query <text>', 'only those of these words')
    .action(runList);
  withServer(verb(noun, 'show', 'show versions, changes step by step, and history', 'show "Pump 12/service"'))
    .argument('<secret>', 'id, or device/account')
    .action(runShow);
  withServer(verb(noun, 'work', 'list devices seen with a default or clear-text credential', 'work')).action(
    runWork,
  );
}

function addUses(noun: Command): void {
  const out = verb(
    noun,
    'check-out',
    'take a secret out; it is printed once',
    'check-out "Pump 12/service" --minutes 60 --reason "filter change"',
  );
  withReason(out)
    .argument('<secret>', 'id, or device/account')
    .option('--minutes <number>', 'for how long', '60')
    .action(runCheckOut);
  withServer(verb(noun, 'return', 'give a secret back; it is then to be changed', 'return "Pump 12/service"'))
    .argument('<secret>', 'id, or device/account')
    .action(runReturn);
}

function addKeeping(noun: Command): void {
  const example = 'adopt a-7c1f service --kind kept --value-file now.txt --reason "on the label"';
  withReason(verb(noun, 'adopt', 'take a secret into keeping; nothing is sent to the device', example))
    .argument('<asset>', 'id of the asset')
    .argument('<account>', 'as whom one signs in')
    .requiredOption('--kind <kind>', 'ssh-password, ssh-key, snmpv3, or kept for what people change by hand')
    .requiredOption(
      '--value-file <file>',
      'the secret as it is now, - for standard input; of SNMPv3 two lines, authentication and privacy',
    )
    .addOption(
      new Option('--auth-hash <hash>', 'of SNMPv3, as the device has it')
        .choices([...snmpHashes])
        .default('sha1'),
    )
    .option('--address <address>', 'one of the addresses of the asset')
    .option('--port <number>', 'where it listens')
    .option('--host-key <fingerprint>', 'SHA256:… of its SSH host key, as ssh-keygen -l prints it')
    .option('--command <command>', 'command on the device that reads account:password (chpasswd)')
    .option('--every <days>', 'to be changed after so many days')
    .option('--standing', 'change it without an order each time; never for devices of care')
    .action(runAdopt);
  withReason(
    verb(
      noun,
      'changed',
      'say what people made it to by hand',
      'changed "Pump 12/service" --value-file new.txt --reason "after service"',
    ),
  )
    .argument('<secret>', 'id, or device/account')
    .requiredOption('--value-file <file>', 'the secret as it is now, - for standard input')
    .action(runChanged);
  withReason(
    verb(
      noun,
      'rotate',
      'order that it be changed on the device, within a window',
      'rotate "Pump 12/service" --closes 2026-12-01T04:00Z --reason "default password"',
    ),
  )
    .argument('<secret>', 'id, or device/account')
    .option('--opens <time>', 'when the window opens; now')
    .requiredOption('--closes <time>', 'when it closes, a day later at most')
    .action(runRotate);
  withReason(
    verb(
      noun,
      'cancel',
      'take an order or a proposal back',
      'cancel "Pump 12/service" --reason "the device is in use"',
    ),
  )
    .argument('<secret>', 'id, or device/account')
    .action(runCancel);
  withReason(
    verb(
      noun,
      'remove',
      'destroy what is kept of it',
      'remove "Pump 12/service" --reason "the device was sold"',
    ),
  )
    .argument('<secret>', 'id, or device/account')
    .action(runRemove);
}
