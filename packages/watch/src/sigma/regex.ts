import { REGEX_CHARS, REGEX_INSTRUCTIONS } from './limits.ts';

/**
 * Regular expressions that cost no more than a text's length times their own, whatever stands in the text: the text is a stranger's. Of
 * PCRE what Sigma allows is read (§re): no looking around, no references to what was matched before.
 */
type Instruction =
  | { does: 'character'; test: (character: number) => boolean }
  | { does: 'split'; to: [number, number] }
  | { does: 'jump'; to: number }
  | { does: 'assert'; what: Assertion }
  | { does: 'match' };
type Assertion = 'start' | 'end' | 'word' | 'no-word';

export interface RegexFlags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
}

export type ReadRegex =
  | { ok: true; test: (text: string) => boolean }
  | { ok: false; message: string; at: number };

class Fault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Reads an expression; a fault says where in it. */
export function readRegex(source: string, flags: RegexFlags): ReadRegex {
  try {
    const compiler = new Compiler(source, flags);
    const program = compiler.compile();
    return { ok: true, test: (text) => run(program, text.slice(0, REGEX_CHARS), compiler.flags) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, message: error.message, at: error.at };
  }
}

type Part =
  | { is: 'set'; test: (character: number) => boolean }
  | { is: 'all'; parts: Part[] }
  | { is: 'any'; parts: Part[] }
  | { is: 'repeat'; part: Part; least: number; most: number | null }
  | { is: 'assert'; what: Assertion };

const isDigit = (one: number) => one >= 48 && one <= 57;
const isWord = (one: number) =>
  isDigit(one) || (one >= 65 && one <= 90) || (one >= 97 && one <= 122) || one === 95;
const isSpace = (one: number) => (one >= 9 && one <= 13) || one === 32 || one === 160;
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7, e: 27, '0': 0 };

class Compiler {
  flags: RegexFlags;
  readonly #source: string;
  readonly #program: Instruction[] = [];
  #at = 0;
  #depth = 0;

  constructor(source: string, flags: RegexFlags) {
    this.#source = source;
    this.flags = flags;
  }

  compile(): Instruction[] {
    const inline = /^\(\?([ims]+)\)/.exec(this.#source);
    if (inline !== null) {
      const has = (flag: string) => inline[1]!.includes(flag);
      const { ignoreCase, multiline, dotAll } = this.flags;
      this.flags = {
        ignoreCase: ignoreCase || has('i'),
        multiline: multiline || has('m'),
        dotAll: dotAll || has('s'),
      };
      this.#at = inline[0].length;
    }
    const part = this.#alternatives();
    if (this.#at < this.#source.length) this.#fail('This bracket closes none');
    this.#emit(part);
    this.#push({ does: 'match' });
    return this.#program;
  }

  get #here(): string {
    return this.#source[this.#at] ?? '';
  }

  #fail(message: string): never {
    throw new Fault(message, this.#at);
  }

  #alternatives(): Part {
    this.#depth += 1;
    if (this.#depth > 40) this.#fail('This is nested too deep');
    const parts = [this.#sequence()];
    while (this.#here === '|') {
      this.#at += 1;
      parts.push(this.#sequence());
    }
    this.#depth -= 1;
    return parts.length === 1 ? parts[0]! : { is: 'any', parts };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && this.#here !== '|' && this.#here !== ')')
      parts.push(this.#repeated());
    return { is: 'all', parts };
  }

  #repeated(): Part {
    const part = this.#atom();
    const [least, most] = this.#quantity();
    if (least === null) return part;
    if (this.#here === '?') this.#at += 1;
    else if (this.#here === '+') this.#fail('Possessive quantifiers are not read');
    if ('*+{'.includes(this.#here) && this.#here !== '' && this.#here !== '{')
      this.#fail('Two quantifiers stand together');
    return { is: 'repeat', part, least, most };
  }

  #quantity(): [number, number | null] | [null, null] {
    const simple: Readonly<Record<string, [number, number | null]>> = {
      '*': [0, null],
      '+': [1, null],
      '?': [0, 1],
    };
    const found = simple[this.#here];
    if (found !== undefined) {
      this.#at += 1;
      return found;
    }
    const counted = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (counted === null) return [null, null];
    const [all, low, comma, high] = counted;
    const most = comma === undefined ? Number(low) : high === '' ? null : Number(high);
    if (most !== null && most < Number(low)) this.#fail('The lower number stands first');
    this.#at += all.length;
    return [Number(low), most];
  }

  #atom(): Part {
    const here = this.#here;
    if (here === '(') return this.#group();
    if (here === '[') return { is: 'set', test: this.#cased(this.#class()) };
    if (here === '*' || here === '+' || here === '?')
      this.#fail('There is nothing before this that could be repeated');
    if (here === '\\') return this.#escaped();
    this.#at += 1;
    if (here === '^') return { is: 'assert', what: 'start' };
    if (here === '$') return { is: 'assert', what: 'end' };
    if (here === '.')
      return { is: 'set', test: this.flags.dotAll ? () => true : (one) => one !== 10 && one !== 13 };
    const code = here.charCodeAt(0);
    return { is: 'set', test: this.#cased((one) => one === code) };
  }

  #group(): Part {
    const opening = this.#at;
    const head = /^\((?:\?:|\?P?<[A-Za-z_]\w*>)?/.exec(this.#source.slice(this.#at))![0];
    if (head === '(' && this.#source[this.#at + 1] === '?')
      this.#fail(
        'Of groups with a question mark (?:…) and named ones are read: no looking around, no flags inside',
      );
    this.#at += head.length;
    const part = this.#alternatives();
    if (this.#here !== ')') {
      this.#at = opening;
      this.#fail('This bracket is not closed');
    }
    this.#at += 1;
    return part;
  }

  #escaped(): Part {
    const letter = this.#source[this.#at + 1] ?? '';
    if (letter === 'b' || letter === 'B') {
      this.#at += 2;
      return { is: 'assert', what: letter === 'b' ? 'word' : 'no-word' };
    }
    if (letter === 'A' || letter === 'Z' || letter === 'z') {
      this.#at += 2;
      return { is: 'assert', what: letter === 'A' ? 'start' : 'end' };
    }
    return { is: 'set', test: this.#cased(this.#escape()) };
  }

  /** What a backslash and what follows stand for; goes on behind. */
  #escape(): (one: number) => boolean {
    const letter = this.#source[this.#at + 1] ?? '';
    const sets: Readonly<Record<string, (one: number) => boolean>> = { d: isDigit, w: isWord, s: isSpace };
    const set = sets[letter.toLowerCase()];
    if (set !== undefined) {
      this.#at += 2;
      return letter === letter.toLowerCase() ? set : (one) => !set(one);
    }
    const code = this.#code();
    return (one) => one === code;
  }

  #code(): number {
    const rest = this.#source.slice(this.#at, this.#at + 6);
    const hex = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(rest);
    if (hex !== null) {
      this.#at += hex[0].length;
      return Number.parseInt(hex[1] ?? hex[2]!, 16);
    }
    const letter = rest[1];
    if (letter === undefined) this.#fail('A backslash at the end stands for nothing');
    if (/[1-9k]/.test(letter)) this.#fail('What was matched before can’t be referred to');
    const control = controls[letter];
    if (control === undefined && /[A-Za-z]/.test(letter)) this.#fail(`\\${letter} is not read`);
    this.#at += 2;
    return control ?? letter.charCodeAt(0);
  }

  #class(): (one: number) => boolean {
    const opening = this.#at;
    this.#at += 1;
    const negated = this.#here === '^';
    if (negated) this.#at += 1;
    const tests: ((one: number) => boolean)[] = [];
    let isFirst = true;
    while (this.#here !== ']' || isFirst) {
      if (this.#at >= this.#source.length) {
        this.#at = opening;
        this.#fail('This bracket is not closed');
      }
      if (this.#source.startsWith('[:', this.#at)) this.#fail('Named classes as [:alpha:] are not read');
      tests.push(this.#member());
      isFirst = false;
    }
    this.#at += 1;
    const isIn = (one: number) => tests.some((test) => test(one));
    return negated ? (one) => !isIn(one) : isIn;
  }

  #member(): (one: number) => boolean {
    if (/^\\[dwsDWS]/.test(this.#source.slice(this.#at, this.#at + 2))) return this.#escape();
    const low = this.#single();
    const ranges = this.#here === '-' && !['', ']'].includes(this.#source[this.#at + 1] ?? '');
    if (!ranges) return (one) => one === low;
    this.#at += 1;
    const high = this.#single();
    if (high < low) this.#fail('The lower character stands first');
    return (one) => one >= low && one <= high;
  }

  #single(): number {
    if (this.#here === '\\' && this.#source[this.#at + 1] === 'b') {
      this.#at += 2;
      return 8;
    }
    if (this.#here === '\\') return this.#code();
    this.#at += 1;
    return this.#source.charCodeAt(this.#at - 1);
  }

  #cased(test: (one: number) => boolean): (one: number) => boolean {
    if (!this.flags.ignoreCase) return test;
    return (one) => {
      const text = String.fromCharCode(one);
      return test(one) || test(text.toLowerCase().charCodeAt(0)) || test(text.toUpperCase().charCodeAt(0));
    };
  }

  #push(instruction: Instruction): number {
    if (this.#program.length >= REGEX_INSTRUCTIONS) this.#fail('It is too long: repeat less');
    return this.#program.push(instruction) - 1;
  }

  #emit(part: Part): void {
    if (part.is === 'set') this.#push({ does: 'character', test: part.test });
    else if (part.is === 'assert') this.#push({ does: 'assert', what: part.what });
    else if (part.is === 'all') for (const one of part.parts) this.#emit(one);
    else if (part.is === 'any') this.#emitAny(part.parts);
    else this.#emitRepeat(part.part, part.least, part.most);
  }

  #emitAny(parts: readonly Part[]): void {
    const ends: { does: 'jump'; to: number }[] = [];
    for (const [index, part] of parts.entries()) {
      const split = index < parts.length - 1 ? this.#split() : null;
      this.#emit(part);
      if (split === null) continue;
      const end = { does: 'jump' as const, to: 0 };
      ends.push(end);
      this.#push(end);
      split.to[1] = this.#program.length;
    }
    for (const end of ends) end.to = this.#program.length;
  }

  #emitRepeat(part: Part, least: number, most: number | null): void {
    for (let count = 0; count < least; count += 1) this.#emit(part);
    if (most === null) {
      const start = this.#program.length;
      const split = this.#split();
      this.#emit(part);
      this.#push({ does: 'jump', to: start });
      split.to[1] = this.#program.length;
      return;
    }
    const splits = [];
    for (let count = least; count < most; count += 1) {
      splits.push(this.#split());
      this.#emit(part);
    }
    for (const split of splits) split.to[1] = this.#program.length;
  }

  #split(): { to: [number, number] } {
    const split = { does: 'split' as const, to: [this.#program.length + 1, 0] as [number, number] };
    this.#push(split);
    return split;
  }
}

/** All ways through the program at once, character by character; each state is entered once at each place. */
function run(program: readonly Instruction[], text: string, flags: RegexFlags): boolean {
  let states: number[] = [];
  const entered = new Int32Array(program.length).fill(-1);
  for (let place = 0; place <= text.length; place += 1) {
    const now: number[] = [];
    for (const state of [...states, 0])
      if (follow(program, state, { text, place, flags, entered, now })) return true;
    if (place === text.length) return false;
    const character = text.charCodeAt(place);
    states = now.flatMap((state) => {
      const one = program[state]!;
      return one.does === 'character' && one.test(character) ? [state + 1] : [];
    });
  }
  return false;
}

interface Place {
  text: string;
  place: number;
  flags: RegexFlags;
  entered: Int32Array;
  now: number[];
}

/** Enters a state with all that can be reached without a character; true where that is the end. */
function follow(program: readonly Instruction[], first: number, at: Place): boolean {
  const open = [first];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (at.entered[state] === at.place) continue;
    at.entered[state] = at.place;
    const one = program[state]!;
    if (one.does === 'match') return true;
    if (one.does === 'character') at.now.push(state);
    else if (one.does === 'jump') open.push(one.to);
    else if (one.does === 'split') open.push(...one.to);
    else if (holds(one.what, at)) open.push(state + 1);
  }
  return false;
}

function holds(what: Assertion, { text, place, flags }: Place): boolean {
  if (what === 'start') return place === 0 || (flags.multiline && text[place - 1] === '\n');
  if (what === 'end') return place === text.length || (flags.multiline && text[place] === '\n');
  const before = place > 0 && isWord(text.charCodeAt(place - 1));
  const behind = place < text.length && isWord(text.charCodeAt(place));
  return (before !== behind) === (what === 'word');
}
