import type { Recognition, StreamDissector } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';
import { IAC, SB } from './commands.ts';
import { promptIn } from './prompts.ts';
import { TelnetSession } from './session.ts';
import { telnetSpeaker } from './speaker.ts';

/** Telnet (RFC 854): banner before the login, logins with their outcome, shells without any. */
export const telnet: StreamDissector = {
  name: 'telnet',
  cost: 40,
  recognise,
  open: (report) => new TelnetSession(report),
  speaker: telnetSpeaker,
};

/** Options that are assigned (IANA telnet-options), and the list of extended ones. */
const LAST_OPTION = 49;
const EXTENDED_OPTIONS = 255;
/** Two commands do not begin a stream by chance; one does, in an audio stream. */
const ENOUGH_COMMANDS = 2;

/** Negotiation of options by either side; or, without any, a server that asks for a login. */
function recognise(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const client = countCommands(fromClient);
  const server = countCommands(fromServer);
  if (client === null || server === null) return 'no';
  if (client + server >= ENOUGH_COMMANDS) return 'yes';
  if (client + server > 0 || fromClient.length + fromServer.length === 0) return 'more';
  // The first command is not whole yet.
  if (fromClient[0] === IAC || fromServer[0] === IAC) return 'more';
  return recogniseLogin(fromClient, fromServer);
}

/** Commands at the start of one side; null where something that is neither command nor text stands there. */
function countCommands(bytes: Uint8Array): number | null {
  let at = 0;
  let commands = 0;
  while (bytes[at] === IAC) {
    const [command, option] = [bytes[at + 1], bytes[at + 2]];
    if (command === undefined || option === undefined) return commands;
    if (command < SB || command === IAC || !isOption(option)) return null;
    commands++;
    if (command === SB) return commands;
    at += 3;
  }
  return commands;
}

function isOption(option: number): boolean {
  return option <= LAST_OPTION || option === EXTENDED_OPTIONS;
}

/** Some small devices negotiate nothing; their prompt must be the first thing said, in plain text. */
function recogniseLogin(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  if (fromClient.length > 0 && fromServer.length === 0) return 'no';
  const text = latin1(fromServer);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a greeting holds ends of lines and escapes at the most
  if (/[\x00-\x06\x0e-\x1a\x1c-\x1f]/.test(text) || /^\d{3}[ -]|^SSH-|^HTTP\//.test(text)) return 'no';
  const prompt = promptIn(text);
  if (prompt === 'user' || prompt === 'password') return 'yes';
  return fromClient.length > 0 || text.length > 1024 ? 'no' : 'more';
}
