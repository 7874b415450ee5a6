export type Access = 'read' | 'write' | 'other';

interface ModbusFunction {
  name: string;
  access: Access;
  /** Length field of a request: exact, or what is added to the count that stands at an offset of the ADU. */
  request: Shape;
  response: Shape;
}

/** `exact` bytes; or `base` plus the byte at `count`; or no less than `least`. */
type Shape = { exact: number } | { base: number; count: number } | { least: number };

const exact = (length: number): Shape => ({ exact: length });
const counted = (base: number, count: number): Shape => ({ base, count });
const least = (length: number): Shape => ({ least: length });

/** Offset of the byte behind the function code. */
const FIRST = 8;

function define(name: string, access: Access, request: Shape, response: Shape): ModbusFunction {
  return { name, access, request, response };
}

/** Public functions of the Application Protocol V1.1b3 §6, with the shapes of both PDUs. */
const functions: ReadonlyMap<number, ModbusFunction> = new Map([
  [1, define('read-coils', 'read', exact(6), counted(3, FIRST))],
  [2, define('read-discrete-inputs', 'read', exact(6), counted(3, FIRST))],
  [3, define('read-holding-registers', 'read', exact(6), counted(3, FIRST))],
  [4, define('read-input-registers', 'read', exact(6), counted(3, FIRST))],
  [5, define('write-single-coil', 'write', exact(6), exact(6))],
  [6, define('write-single-register', 'write', exact(6), exact(6))],
  [7, define('read-exception-status', 'read', exact(2), exact(3))],
  [8, define('diagnostics', 'other', least(6), least(6))],
  [11, define('get-comm-event-counter', 'read', exact(2), exact(6))],
  [12, define('get-comm-event-log', 'read', exact(2), counted(3, FIRST))],
  [15, define('write-multiple-coils', 'write', counted(7, FIRST + 4), exact(6))],
  [16, define('write-multiple-registers', 'write', counted(7, FIRST + 4), exact(6))],
  [17, define('report-server-id', 'read', exact(2), counted(3, FIRST))],
  [20, define('read-file-record', 'read', counted(3, FIRST), counted(3, FIRST))],
  [21, define('write-file-record', 'write', counted(3, FIRST), counted(3, FIRST))],
  [22, define('mask-write-register', 'write', exact(8), exact(8))],
  [23, define('read-write-multiple-registers', 'write', counted(11, FIRST + 8), counted(3, FIRST))],
  [24, define('read-fifo-queue', 'read', exact(4), least(6))],
  [43, define('encapsulated-interface', 'read', least(3), least(3))],
]);

const exceptions: Readonly<Record<number, string>> = {
  1: 'illegal-function',
  2: 'illegal-data-address',
  3: 'illegal-data-value',
  4: 'server-failure',
  5: 'acknowledge',
  6: 'server-busy',
  8: 'memory-parity-error',
  10: 'gateway-path-unavailable',
  11: 'gateway-target-silent',
};

/** What a function code is called; codes that a maker assigned keep their number. */
export function nameOfFunction(code: number): string {
  return functions.get(code)?.name ?? `function-${code}`;
}

export function accessOf(code: number): Access {
  return functions.get(code)?.access ?? 'other';
}

export function nameOfException(code: number): string {
  return exceptions[code] ?? `exception-${code}`;
}

export type Fit = 'yes' | 'no' | 'more';

/** Whether the ADU has the length that a request or response of its function must have. */
export function fits(adu: Uint8Array, length: number, direction: 'request' | 'response'): Fit {
  const code = adu[7]!;
  if (direction === 'response' && code > 0x80) return length === 3 ? knownException(adu, code & 0x7f) : 'no';
  const known = functions.get(code);
  if (known === undefined) return 'no';
  const shape = known[direction];
  if ('exact' in shape) return length === shape.exact ? 'yes' : 'no';
  if ('least' in shape) return length >= shape.least ? 'yes' : 'no';
  const count = adu[shape.count];
  if (count === undefined) return length < shape.base ? 'no' : 'more';
  return length === shape.base + count ? 'yes' : 'no';
}

function knownException(adu: Uint8Array, code: number): Fit {
  if (!functions.has(code)) return 'no';
  const exception = adu[8];
  if (exception === undefined) return 'more';
  return exceptions[exception] === undefined ? 'no' : 'yes';
}
