import type { Command } from 'commander';
import { dataOption, type ServerFlags, serverOption, tokenOption } from '../../api/client.ts';

export type Flags = ServerFlags & { json?: boolean };

export const withServer = (command: Command): Command =>
  command
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .option('--json', 'print one JSON object and nothing else');
