import type { Command } from 'commander';
import { buildConsole } from '../console-build.ts';
import { DEFAULT_PORT, DEFAULT_SERVER, givenDataDirectory } from '../data-directory.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { givenKnowledgeFolder, knowledgeOption, knowledgeWith } from '../own-knowledge.ts';
import { styleFor } from '../terminal/style.ts';
import { userPath } from '../working-directory.ts';

interface StartFlags {
  sample?: boolean;
  port?: string;
  data?: string;
  databaseUrl?: string;
  knowledge?: string;
  log: string;
  host?: string;
  name?: string[];
  tlsCert?: string;
  sensorPort?: string;
  tlsKey?: string;
}

const examples = `
Examples:
  wardline start --sample            open the sample hospital
  wardline start --port 9000 --data /srv/wardline
  DATABASE_URL=postgresql://… wardline start

  wardline start --host 0.0.0.0 --name wardline.hospital.example --tls-cert cert.pem --tls-key key.pem

Without --host the server listens on this machine only.`;

export function addStart(program: Command): void {
  program
    .command('start')
    .summary('start the server and its console on this machine')
    .description('Starts the server with its console. The first visit is by a one-time link.')
    .option('--sample', 'load the sample hospital where the database is empty')
    .option(
      '--port <number>',
      `port; 0 takes a free one (else WARDLINE_PORT, else ${DEFAULT_PORT} or the next free one)`,
    )
    .option(
      '--host <address>',
      'where it listens (else WARDLINE_HOST, else loopback); beyond loopback with TLS only',
    )
    .option('--name <name...>', 'names by which it is called (else WARDLINE_NAMES, else the machine’s own)')
    .option('--tls-cert <file>', 'its certificate (PEM); beyond loopback one is made where none is given')
    .option('--tls-key <file>', 'the key of the certificate')
    .option(
      '--sensor-port <number>',
      'where sensors come in by certificate (else WARDLINE_SENSOR_PORT, else nowhere)',
    )
    .option(
      '--data <folder>',
      'where the database and keys live (else WARDLINE_DATA, else .wardline in the checkout, or a folder of the user’s own)',
    )
    .option(...knowledgeOption)
    .option('--log <level>', 'silent, error, warn, info, debug', 'warn')
    .option('--database-url <url>', 'a PostgreSQL server in place of the built-in one (else DATABASE_URL)')
    .addHelpText('after', examples)
    .action(runStart);
}

async function runStart(flags: StartFlags): Promise<void> {
  const port = flags.port === undefined ? undefined : portNumber('--port', flags.port);
  const databaseUrl = flags.databaseUrl ?? process.env.DATABASE_URL;
  // Faults in it are told before anything is started.
  const knowledgeDir = givenKnowledgeFolder(flags.knowledge);
  if (knowledgeDir !== null) knowledgeWith(flags.knowledge);
  const dataDir = givenDataDirectory(flags.data);
  process.stderr.write('Starting Wardline …\n');
  const trouble = await buildConsole();
  if (trouble !== null) process.stderr.write(`The console could not be built: ${trouble}\n`);
  // The server and its database driver are heavy; other commands do not wait for them.
  const { startServer } = await import('@wardline/server');
  const server = await startServer({
    ...(port === undefined ? {} : { port }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.name === undefined ? {} : { names: flags.name }),
    ...(flags.tlsCert === undefined ? {} : { tlsCert: userPath(flags.tlsCert) }),
    ...(flags.tlsKey === undefined ? {} : { tlsKey: userPath(flags.tlsKey) }),
    ...(flags.sensorPort === undefined ? {} : { sensorPort: portNumber('--sensor-port', flags.sensorPort) }),
    sample: flags.sample ?? false,
    log: flags.log,
    ...(dataDir === null ? {} : { dataDir }),
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(knowledgeDir === null ? {} : { knowledgeDir }),
  }).catch((error: unknown) => {
    throw new CommandError(startFailure(error), exitCodes.failed);
  });
  sayWelcome(server, dataDir === null);
  await closeOnSignal(() => server.close());
}

function portNumber(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new CommandError(`${option} ${text}: expected a number from 0 to 65535`);
}

function startFailure(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return `port ${'port' in error ? String(error.port) : ''} is taken, perhaps by a Wardline that runs already; choose another with --port`;
  return `cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

function sayWelcome(
  server: {
    url: string;
    link: string | null;
    dataDir: string;
    fingerprint: string | null;
    sensorPort: number | null;
  },
  isUsualFolder: boolean,
): void {
  const style = styleFor(process.stdout);
  // What another command has to be told so that it finds this server.
  const more = [
    server.url === DEFAULT_SERVER ? '' : ` --server ${server.url}`,
    isUsualFolder ? '' : ` --data ${server.dataDir}`,
  ];
  const lines = [
    '',
    server.link === null
      ? `${style.bold('Wardline is ready.')} Sign in at:`
      : `${style.bold('Wardline is ready.')} Open this link once to sign in on this machine:`,
    '',
    `  ${style.cyan(server.link ?? server.url)}`,
    ...(server.link === null ? [`  (lost every key? wardline access link${more.join('')})`] : []),
    '',
    `Console and API: ${server.url}`,
    ...(server.fingerprint === null ? [] : [`Certificate, SHA-256: ${server.fingerprint}`]),
    ...(server.sensorPort === null ? [] : [`Sensors by certificate: port ${String(server.sensorPort)}`]),
    `Feed it from another terminal:  wardline sense ward3.pcapng${more.join('')}`,
    'Stop it with Ctrl-C.',
    '',
  ];
  process.stdout.write(lines.join('\n'));
}

/** Waits for a signal, closes in order, and lets a second signal end it at once. */
async function closeOnSignal(close: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  process.stderr.write('\nClosing …\n');
  await close();
}
