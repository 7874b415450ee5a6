import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { factText } from '../../text/wire-text.ts';
import { CommandStripper, userInEnvironment } from './commands.ts';
import { MAX_ATTEMPTS, MAX_BANNER, MAX_TAIL } from './limits.ts';
import { LineEditor } from './line-editor.ts';
import { asksAgain, promptIn, welcomes } from './prompts.ts';

/** What the client's next line is taken for. */
type Expecting = 'nothing' | 'user' | 'password' | 'outcome';

/** One prompt may be a login in words not known here; a second one behind a typed line serves commands. */
const ENOUGH_PROMPTS = 2;

/**
 * Follows the logins of a Telnet connection. The server's words are judged when the client speaks again, or at the
 * end: then they are whole, however the network cut them.
 */
export class TelnetSession implements StreamSession {
  readonly #report: Reporter;
  readonly #strippers: Record<Side, CommandStripper> = {
    client: new CommandStripper(),
    server: new CommandStripper(),
  };
  readonly #typed = new LineEditor();
  /** What the server said since the client last spoke, the end of it. */
  #words = '';
  #banner = '';
  #bannerStated = false;
  #asked = false;
  /** Prompts for commands that were answered, where nobody had asked for a name or password. */
  #openPrompts = 0;
  #expecting: Expecting = 'nothing';
  #user: string | null = null;
  #secret: string | null = null;
  #attempts = 0;
  #done = false;

  constructor(report: Reporter) {
    this.#report = report;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    const { text, subnegotiations } = this.#strippers[from].push(bytes);
    if (from === 'server') this.#server(text);
    else {
      for (const sub of subnegotiations) this.#environment(userInEnvironment(sub));
      if (text !== '') this.#client(text);
    }
    return this.#done ? DETACH : bytes.length;
  }

  onEnd(): void {
    this.#stateBanner();
    this.#judge();
    this.#settle('unknown');
  }

  /** A server that knows the name may greet by it: its words count as a banner only up to here. */
  #environment(user: string | null): void {
    if (user === null) return;
    this.#stateBanner();
    this.#user ??= user;
  }

  #server(text: string): void {
    this.#words = (this.#words + text).slice(-MAX_TAIL);
    // Whatever comes behind the first thing typed may repeat it.
    if (!this.#bannerStated) this.#banner = (this.#banner + text).slice(0, MAX_BANNER);
  }

  #client(text: string): void {
    this.#stateBanner();
    this.#judge();
    for (const line of this.#typed.push(text)) this.#line(line);
  }

  #stateBanner(): void {
    const banner = this.#bannerStated ? undefined : factText(this.#banner, MAX_BANNER);
    this.#bannerStated = true;
    if (banner !== undefined) this.#report.sight('telnet.server', 'server', { banner });
    this.#banner = '';
  }

  #judge(): void {
    const words = this.#words;
    if (words === '') return;
    const prompt = promptIn(words);
    this.#words = '';
    if (prompt === 'other') {
      if (this.#expecting === 'outcome' && welcomes(words)) this.#accepted();
    } else if (prompt === 'refused') this.#refused(asksAgain(words));
    else if (prompt === 'shell') this.#shell();
    else this.#prompted(prompt);
  }

  #prompted(prompt: 'user' | 'password'): void {
    // Asking for another name, or the same password, is how most servers say no.
    if (this.#expecting === 'outcome') this.#refused(prompt);
    this.#asked = true;
    this.#expecting = prompt;
  }

  #refused(again: 'user' | 'password' | null): void {
    if (this.#expecting === 'outcome') {
      const user = this.#user;
      this.#settle('refused');
      if (again === 'password') this.#user = user;
    }
    this.#asked ||= again !== null;
    this.#expecting = again ?? 'nothing';
  }

  #shell(): void {
    if (this.#expecting === 'outcome') this.#accepted();
    else if (!this.#asked && ++this.#openPrompts === ENOUGH_PROMPTS) this.#open();
  }

  /** A prompt for commands, and nobody had to say who they are. */
  #open(): void {
    const facts = { protocol: 'telnet', operation: 'shell without login' };
    this.#report.sight('service.unauthenticated', 'server', facts);
    this.#done = true;
  }

  #accepted(): void {
    this.#settle('accepted');
    this.#done = true;
  }

  #line(line: string): void {
    if (this.#expecting === 'user') {
      this.#user = line;
      this.#expecting = 'nothing';
    } else if (this.#expecting === 'password') {
      this.#secret = line;
      this.#expecting = 'outcome';
      this.#done = ++this.#attempts > MAX_ATTEMPTS;
    }
  }

  #settle(outcome: CredentialUse['outcome']): void {
    const [user, secret] = [this.#user, this.#secret];
    this.#user = null;
    this.#secret = null;
    if (secret === null) return;
    const use = { protocol: 'telnet', field: 'password', user, secret };
    this.#report.credential({ ...use, acceptedBy: 'server', outcome });
  }
}
