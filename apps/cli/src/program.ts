import { Command, CommanderError } from 'commander';
import { addersFor } from './commands/nouns.ts';
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

/**
 * The program with all its nouns, or with one alone: what a noun needs is loaded when it is asked for, because loading
 * all of it takes longer than most verbs.
 */
export async function createProgram(noun?: string): Promise<Command> {
  const program = new Command('wardline')
    .description(
      "Finds a hospital's connected medical devices from network traffic, without sending a packet, and proves what it says.",
    )
    .version(`wardline ${version}`, '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', examples)
    .exitOverride();
  for (const add of await addersFor(noun)) add(program);
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
  const program = await createProgram(args[0]);
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
