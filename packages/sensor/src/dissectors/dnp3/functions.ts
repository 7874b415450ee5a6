export type Access = 'read' | 'write' | 'command' | 'other';

/** Function codes (IEEE 1815-2012 §4.4). */
const FUNCTIONS: ReadonlyMap<number, readonly [string, Access]> = new Map([
  [0, ['confirm', 'other']],
  [1, ['read', 'read']],
  [2, ['write', 'write']],
  [3, ['select', 'command']],
  [4, ['operate', 'command']],
  [5, ['direct-operate', 'command']],
  [6, ['direct-operate-no-response', 'command']],
  [7, ['immediate-freeze', 'command']],
  [13, ['cold-restart', 'command']],
  [14, ['warm-restart', 'command']],
  [16, ['initialize-application', 'command']],
  [17, ['start-application', 'command']],
  [18, ['stop-application', 'command']],
  [20, ['enable-unsolicited', 'other']],
  [21, ['disable-unsolicited', 'other']],
  [23, ['delay-measurement', 'read']],
  [25, ['open-file', 'other']],
  [26, ['close-file', 'other']],
  [27, ['delete-file', 'command']],
  [28, ['get-file-information', 'read']],
  [32, ['authenticate-request', 'other']],
  [129, ['response', 'other']],
  [130, ['unsolicited-response', 'other']],
]);

export const RESPONSE = 129;
export const AUTHENTICATE = 32;

export function nameOf(code: number): string {
  return FUNCTIONS.get(code)?.[0] ?? `function-${code}`;
}

export function accessOf(code: number): Access {
  return FUNCTIONS.get(code)?.[1] ?? 'other';
}
