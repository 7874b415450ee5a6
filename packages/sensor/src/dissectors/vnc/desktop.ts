import { factText, wireText } from '../../text/wire-text.ts';
import { MAX_NAME } from './limits.ts';

/** How servers put their machine's name into the desktop's; the rest often is a person's and is not stated. */
const FORMS = [
  /^.{1,80}'s [\w-]{1,20} desktop \(([\w.-]+):\d+\)$/,
  /^([\w.-]+):\d+(?: \(.{0,80}\))?$/,
  /^[^@\s]{1,64}@([\w.-]+)(?::\d+)?$/,
  /^([\w.-]+) ?\( ?[\d., :a-f]+ ?\)(?: - .{0,40})?$/,
  /^([A-Za-z0-9][\w-]*(?:\.[\w-]+)*)$/,
];

/** The host name in a desktop's name. */
export function hostInDesktop(name: Uint8Array): string | undefined {
  const text = wireText(name).slice(0, 300).trim();
  const found = FORMS.map((form) => form.exec(text)?.[1]).find((host) => host !== undefined);
  return found === undefined ? undefined : factText(found, MAX_NAME);
}
