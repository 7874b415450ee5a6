import { Cursor } from '../../bytes/cursor.ts';
import { type PlainLogin, readPlain } from '../../text/sasl-plain.ts';
import { latin1 } from '../../text/wire-text.ts';
import { readTable } from './table.ts';

/** Methods of the class "connection" (AMQP 0-9-1 §1.4), class and method in one number. */
export const methods = { start: 0xa000a, startOk: 0xa000b, tune: 0xa001e, open: 0xa0028, close: 0xa0032 };

interface Start {
  properties: Map<string, Uint8Array>;
  mechanisms: Uint8Array;
}

export function readStart(body: Uint8Array): Start | null {
  const cursor = new Cursor(body, 2); // versions
  const properties = readTable(cursor.take(cursor.u32()));
  const mechanisms = cursor.take(cursor.u32());
  return cursor.failed ? null : { properties, mechanisms };
}

interface StartOk {
  properties: Map<string, Uint8Array>;
  mechanism: string;
  login: PlainLogin | null;
}

export function readStartOk(body: Uint8Array): StartOk | null {
  const cursor = new Cursor(body);
  const properties = readTable(cursor.take(cursor.u32()));
  const mechanism = latin1(cursor.take(cursor.u8()));
  const response = cursor.take(cursor.u32());
  return cursor.failed ? null : { properties, mechanism, login: loginOf(mechanism, response) };
}

/** PLAIN, and AMQP's own form of it: a table without its length. */
function loginOf(mechanism: string, response: Uint8Array): PlainLogin | null {
  if (mechanism === 'PLAIN') return readPlain(response);
  if (mechanism !== 'AMQPLAIN') return null;
  const table = readTable(response);
  const [user, secret] = [table.get('LOGIN'), table.get('PASSWORD')];
  return user && secret ? { user: user.slice(), secret: secret.slice() } : null;
}
