import type { Command } from 'commander';
import { dataOption, serverOption, tokenOption } from '../api/client.ts';

/** A verb of a noun that asks a server; its summary is its description too. */
export const serverVerb = (noun: Command, name: string, summary: string, examples: string): Command =>
  noun
    .command(name)
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .addHelpText('after', examples);
