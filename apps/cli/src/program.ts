import { Command, CommanderError } from 'commander';
import { addAccess } from './commands/access/index.ts';
import { addAdmission } from './commands/admission.ts';
import { addAdvisory } from './commands/advisory.ts';
import { addAssess } from './commands/assess.ts';
import { addAsset } from './commands/asset.ts';
import { addBackup } from './commands/backup.ts';
import { addCompliance } from './commands/compliance/index.ts';
import { addDetect } from './commands/detect.ts';
import { addFeed } from './commands/feed.ts';
import { addFirmware } from './commands/firmware/index.ts';
import { addGateway } from './commands/gateway.ts';
import { addIncident } from './commands/incident/index.ts';
import { addKey } from './commands/key.ts';
import { addKnowledge } from './commands/knowledge.ts';
import { addLedger } from './commands/ledger/index.ts';
import { addLifecycle } from './commands/lifecycle.ts';
import { addMds2 } from './commands/mds2.ts';
import { addPlan } from './commands/plan/index.ts';
import { addPolicy } from './commands/policy/index.ts';
import { addPurchase } from './commands/purchase.ts';
import { addRegister } from './commands/register.ts';
import { addReport } from './commands/report.ts';
import { addRisk } from './commands/risk/index.ts';
import { addSbom } from './commands/sbom.ts';
import { addScan } from './commands/scan.ts';
import { addSecret } from './commands/secret/index.ts';
import { addSense } from './commands/sense.ts';
import { addSite } from './commands/site.ts';
import { addStart } from './commands/start.ts';
import { addSupplier } from './commands/supplier.ts';
import { addThreat } from './commands/threat/index.ts';
import { addCertificate } from './commands/trust/certificate.ts';
import { addEnrolment } from './commands/trust/enrolment.ts';
import { addPki } from './commands/trust/pki.ts';
import { addUdi } from './commands/udi.ts';
import { addUsage } from './commands/usage.ts';
import { addVulnerability } from './commands/vulnerability.ts';
import { CommandError, exitCodes } from './exit-codes.ts';
import { toleratePipeEnd } from './terminal/output.ts';
import { version } from './version.ts';

const examples = `
Examples:
  wardline assess ward3.pcapng                 what is in a recording, in minutes
  wardline assess captures/ --register cmms.csv --out report/
  wardline start --sample                      the console, with a sample hospital
  wardline start                               the console, empty
  wardline sense ward3.pcapng                  feed a recording to the running server
  wardline sense --interface eth1              feed it live
  wardline asset list --criticality life-critical`;

export function createProgram(): Command {
  const program = new Command('wardline')
    .description(
      "Finds a hospital's connected medical devices from network traffic, without sending a packet, and proves what it says.",
    )
    .version(`wardline ${version}`, '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', examples)
    .exitOverride();
  addAccess(program);
  addAssess(program);
  addDetect(program);
  addRisk(program);
  addThreat(program);
  addCompliance(program);
  addReport(program);
  addPlan(program);
  addSense(program);
  addStart(program);
  addAsset(program);
  addRegister(program);
  addMds2(program);
  addUdi(program);
  addSupplier(program);
  addPurchase(program);
  addLifecycle(program);
  addFeed(program);
  addIncident(program);
  addScan(program);
  addKnowledge(program);
  addBackup(program);
  addKey(program);
  addSite(program);
  addSecret(program);
  addLedger(program);
  addPolicy(program);
  addAdmission(program);
  addGateway(program);
  addFirmware(program);
  addAdvisory(program);
  addSbom(program);
  addUsage(program);
  addVulnerability(program);
  addPki(program);
  addCertificate(program);
  addEnrolment(program);
  program
    .command('version')
    .description('Print the version.')
    .action(() => void process.stdout.write(`wardline ${version}\n`));
  inheritSettings(program);
  return program;
}

/** Commander copies settings at the moment a command is added; these hold for all. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride().showSuggestionAfterError().showHelpAfterError('(add --help for what is possible)');
    inheritSettings(child);
  }
}

/** Runs one command line and returns the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  toleratePipeEnd();
  const program = createProgram();
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return exitCodes.usage;
    }
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has said everything already; asking for help or the version is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof CommandError) {
    process.stderr.write(`wardline: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `wardline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.stderr.write('This is a fault of Wardline itself; please report it with the lines above.\n');
  return exitCodes.failed;
}
