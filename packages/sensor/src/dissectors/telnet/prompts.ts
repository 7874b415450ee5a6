/** What the end of a server's words asks for or says. */
export type Prompt = 'user' | 'password' | 'shell' | 'refused' | 'other';

/** The last word of a line, alone or behind a space: `ward3 login:`. */
const user =
  /(^|[^\w@.-])(login|log in|user ?(name|id)?|account|benutzer(name)?|utilisateur|identifiant|usuario|utente)( name| id)?\s*:\s*$|^\s*(user ?name|login)\s*>\s*$/i;
const password =
  /(pass ?(word|code|wd|phrase)|kennwort|passwort|mot de passe|contrase\S+a|\bpin)\b[^:>\n]{0,40}[:>]\s*$/i;
const refusal =
  /(incorrect|invalid|failed|failure|denied|refused|not authori[sz]ed|unauthori[sz]ed|bad (password|login|username)|wrong (password|user)|authentication error|falsch|ung.{1,2}ltig)/i;
const shell = /(^|\n)[^\n]{0,80}[$#>%]\s*$/;

/** Judges the words that the server said since the client last spoke, escape sequences left out. */
export function promptIn(words: string): Prompt {
  const text = plain(words);
  const again = asksAgain(words);
  if (again !== null) return refusal.test(text) ? 'refused' : again;
  // A prompt for commands outweighs words: greetings tell of failed logins before this one.
  if (shell.test(text) && lastLine(text).trim() !== '') return 'shell';
  return refusal.test(text) ? 'refused' : 'other';
}

/** What the words ask for at their end. */
export function asksAgain(words: string): 'user' | 'password' | null {
  const text = plain(words);
  if (password.test(text)) return 'password';
  return user.test(lastLine(text)) ? 'user' : null;
}

/** A greeting that only somebody who got in sees. */
export function welcomes(words: string): boolean {
  return /(last login:|login successful|logged in\b|welcome to|main menu)/i.test(plain(words));
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}

/** ANSI escape sequences and other control characters. */
function plain(words: string): string {
  const introducer = String.fromCharCode(27);
  return words
    .replaceAll(new RegExp(`${introducer}(\\[[0-9;?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>78DEHMc])`, 'g'), '')
    .replaceAll(/\r+\n?/g, '\n')
    .replaceAll('\0', '');
}
