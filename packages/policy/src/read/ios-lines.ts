/** One line of a configuration that is no comment and stands in no banner. */
export interface ConfigurationLine {
  words: readonly string[];
  /** Counted from 1. */
  line: number;
  text: string;
  isIndented: boolean;
}

/** The lines of a configuration as IOS writes them: comments and banners left out, a margin that all lines have taken off. */
export function* configurationLines(text: string): Generator<ConfigurationLine> {
  const lines = text.split(/\r\n|[\r\n]/);
  const margin = marginOf(lines);
  const banner = new Banner();
  for (const [index, whole] of lines.entries()) {
    const line = whole.slice(margin);
    if (banner.holds(line)) continue;
    const words = line.trim().split(/\s+/);
    if (words[0] !== '' && !words[0]!.startsWith('!'))
      yield { words, line: index + 1, text: line, isIndented: /^\s/.test(line) };
  }
}

/** Columns that every line is indented by, as where a part of a configuration was pasted. */
function marginOf(lines: readonly string[]): number {
  const said = lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('!'));
  return said.reduce(
    (least, line) => Math.min(least, line.length - line.trimStart().length),
    said.length === 0 ? 0 : 80,
  );
}

/** `banner motd ^C … ^C`, over as many lines as it takes: what stands in it is for people. */
class Banner {
  #sign: string | null = null;

  holds(text: string): boolean {
    if (this.#sign !== null) {
      if (text.includes(this.#sign)) this.#sign = null;
      return true;
    }
    const [, sign, rest] = /^banner \S+ (\^C|[^\sA-Za-z0-9])(.*)$/.exec(text) ?? [];
    if (sign === undefined) return false;
    if (!rest!.includes(sign)) this.#sign = sign;
    return true;
  }
}
