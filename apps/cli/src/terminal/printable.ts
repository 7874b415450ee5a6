// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it replaces
const control = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text from the wire made safe for a terminal: escape sequences, line breaks and marks that turn the writing direction
 * become a visible dot, so that a host name can neither move the cursor nor forge a line.
 */
export function printable(text: string): string {
  return text.replaceAll(control, '·');
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** How many columns a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += /\p{M}/u.test(char) ? 0 : wide.test(char) ? 2 : 1;
  return width;
}

/** Cuts to a width with an ellipsis. */
export function fitted(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let result = '';
  let used = 0;
  for (const char of text) {
    const size = displayWidth(char);
    if (used + size > width - 1) break;
    result += char;
    used += size;
  }
  return width > 0 ? `${result}…` : '';
}

/** Cuts to a width in the middle: the end of a name is what tells devices of one kind apart. */
export function fittedInside(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const tail = lastColumns(text, Math.floor((width - 1) / 2));
  return `${fitted(text, width - displayWidth(tail))}${tail}`;
}

function lastColumns(text: string, width: number): string {
  let result = '';
  for (const char of Array.from(text).toReversed()) {
    if (displayWidth(result) + displayWidth(char) > width) break;
    result = char + result;
  }
  return result;
}

/** Breaks at spaces into lines of at most `width`; a longer word stands alone and is not cut. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Wraps with a first and a hanging indent. */
export function indented(
  text: string,
  width: number,
  first: string,
  rest: string = ' '.repeat(displayWidth(first)),
): string[] {
  return wrapped(text, Math.max(20, width - Math.max(displayWidth(first), displayWidth(rest)))).map(
    (line, index) => (index === 0 ? first : rest) + line,
  );
}
